import type { GatewaysRestarted } from "./gateway-restart.ts";
import type {
  ChangeProbe,
  ChangeSecretHosts,
  CreateSecret,
  EndSecretVersion,
  RollBackSecret,
  RotateSecret,
  SecretAudit,
  SecretExposures,
  SecretList,
  SecretView,
  UsersSecretList,
} from "./secrets.ts";

/** What an admin asks of the vault, by `Authorization: Bearer` with their access token. No answer holds a value. */
export const secretsApi = {
  listSecrets: { method: "GET", path: "/api/admin/secrets" },
  /** What users keep themselves; `find` (so much of name, user or hosts) in the query. */
  listUsersSecrets: { method: "GET", path: "/api/admin/users-secrets" },
  createSecret: { method: "POST", path: "/api/admin/secrets" },
  rotateSecret: { method: "POST", path: "/api/admin/secrets/:secretId/versions" },
  revokeSecret: { method: "POST", path: "/api/admin/secrets/:secretId/revoke" },
  destroySecret: { method: "POST", path: "/api/admin/secrets/:secretId/destroy" },
  rollBackSecret: { method: "POST", path: "/api/admin/secrets/:secretId/roll-back" },
  changeSecretProbe: { method: "PUT", path: "/api/admin/secrets/:secretId/probe" },
  changeSecretHosts: { method: "PUT", path: "/api/admin/secrets/:secretId/hosts" },
  listSecretExposures: { method: "GET", path: "/api/admin/secrets/:secretId/exposures" },
  /** `before`, `rows` and `find` (words that a row must have) in the query. */
  readSecretsAudit: { method: "GET", path: "/api/admin/secrets-audit" },
  /** Signed in within the last hour. */
  restartGateways: { method: "POST", path: "/api/admin/gateway/restart" },
  /**
   * A line each time when something of the secrets has changed, for a minute at most: whoever looks asks again. No line says
   * what.
   */
  followSecrets: { method: "GET", path: "/api/admin/secrets-changes" },
} as const;

/** The JSON that a route takes as its body. */
export interface SecretsBodies {
  readonly createSecret: CreateSecret;
  readonly rotateSecret: RotateSecret;
  readonly revokeSecret: EndSecretVersion;
  readonly destroySecret: EndSecretVersion;
  readonly rollBackSecret: RollBackSecret;
  readonly changeSecretProbe: ChangeProbe;
  readonly changeSecretHosts: ChangeSecretHosts;
}

/** The body of each route's good answer. */
export interface SecretsAnswers {
  readonly listSecrets: SecretList;
  readonly listUsersSecrets: UsersSecretList;
  readonly createSecret: SecretView;
  readonly rotateSecret: SecretView;
  readonly revokeSecret: SecretView;
  readonly destroySecret: SecretView;
  readonly rollBackSecret: SecretView;
  readonly changeSecretProbe: SecretView;
  readonly changeSecretHosts: SecretView;
  readonly listSecretExposures: SecretExposures;
  readonly readSecretsAudit: SecretAudit;
  readonly restartGateways: GatewaysRestarted;
}
