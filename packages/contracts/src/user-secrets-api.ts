import type { UserSecretList } from "./user-secrets.ts";

/**
 * What a person asks about the secrets of their own threads, by `Authorization: Bearer` with their access token. What changes
 * something wants a sign-in within the last hour.
 */
export const userSecretsApi = {
  listUserSecrets: { method: "GET", path: "/api/user-secrets" },
  /** `AddUserSecret`, as the body of the others is `ReplaceUserSecret` and `ChangeUserSecretHosts`. */
  addUserSecret: { method: "POST", path: "/api/user-secrets" },
  replaceUserSecret: { method: "PUT", path: "/api/user-secrets/:secretId/value" },
  changeUserSecretHosts: { method: "PUT", path: "/api/user-secrets/:secretId/hosts" },
  removeUserSecret: { method: "DELETE", path: "/api/user-secrets/:secretId" },
} as const;

/** The body of each route's good answer. */
export interface UserSecretsAnswers {
  readonly listUserSecrets: UserSecretList;
  readonly addUserSecret: UserSecretList;
  readonly replaceUserSecret: UserSecretList;
  readonly changeUserSecretHosts: UserSecretList;
  readonly removeUserSecret: UserSecretList;
}
