import type { CreateSecret, EndSecretVersion, RotateSecret, SecretAudit, SecretList, SecretView } from "./secrets.ts";

/** What an admin asks of the vault, by `Authorization: Bearer` with their access token. No answer holds a value. */
export const secretsApi = {
  listSecrets: { method: "GET", path: "/api/admin/secrets" },
  createSecret: { method: "POST", path: "/api/admin/secrets" },
  rotateSecret: { method: "POST", path: "/api/admin/secrets/:secretId/versions" },
  revokeSecret: { method: "POST", path: "/api/admin/secrets/:secretId/revoke" },
  destroySecret: { method: "POST", path: "/api/admin/secrets/:secretId/destroy" },
  /** `before` and `rows` in the query. */
  readSecretsAudit: { method: "GET", path: "/api/admin/secrets-audit" },
} as const;

/** The JSON that a route takes as its body. */
export interface SecretsBodies {
  readonly createSecret: CreateSecret;
  readonly rotateSecret: RotateSecret;
  readonly revokeSecret: EndSecretVersion;
  readonly destroySecret: EndSecretVersion;
}

/** The body of each route's good answer. */
export interface SecretsAnswers {
  readonly listSecrets: SecretList;
  readonly createSecret: SecretView;
  readonly rotateSecret: SecretView;
  readonly revokeSecret: SecretView;
  readonly destroySecret: SecretView;
  readonly readSecretsAudit: SecretAudit;
}
