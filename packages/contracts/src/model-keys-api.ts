import type { ModelKeyList } from "./model-keys.ts";

/** What a person asks about their own keys of model providers, by `Authorization: Bearer` with their access token. */
export const modelKeysApi = {
  listModelKeys: { method: "GET", path: "/api/model-keys" },
  /** `AddModelKey`, as the body of the others is `RenameModelKey` and `ReplaceModelKey`. */
  addModelKey: { method: "POST", path: "/api/model-keys" },
  renameModelKey: { method: "PATCH", path: "/api/model-keys/:keyId" },
  replaceModelKey: { method: "PUT", path: "/api/model-keys/:keyId/value" },
  /** Without a body: asks the provider, and what models it has now. The answer says what came of it. */
  testModelKey: { method: "POST", path: "/api/model-keys/:keyId/test" },
  removeModelKey: { method: "DELETE", path: "/api/model-keys/:keyId" },
} as const;

/** The body of each route's good answer. */
export interface ModelKeysAnswers {
  readonly listModelKeys: ModelKeyList;
  readonly addModelKey: ModelKeyList;
  readonly renameModelKey: ModelKeyList;
  readonly replaceModelKey: ModelKeyList;
  readonly testModelKey: ModelKeyList;
  readonly removeModelKey: ModelKeyList;
}
