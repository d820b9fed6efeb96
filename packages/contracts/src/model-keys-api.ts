import type { AddModelKey, ModelKeyList, RenameModelKey, ReplaceModelKey } from "./model-keys.ts";

/** What a person asks about their own keys of model providers, by `Authorization: Bearer` with their access token. */
export const modelKeysApi = {
  listModelKeys: { method: "GET", path: "/api/model-keys" },
  addModelKey: { method: "POST", path: "/api/model-keys" },
  renameModelKey: { method: "PATCH", path: "/api/model-keys/:keyId" },
  replaceModelKey: { method: "PUT", path: "/api/model-keys/:keyId/value" },
  /** Without a body: asks the provider, and what models it has now. The answer says what came of it. */
  testModelKey: { method: "POST", path: "/api/model-keys/:keyId/test" },
  removeModelKey: { method: "DELETE", path: "/api/model-keys/:keyId" },
} as const;

/** The JSON that a route takes as its body. */
export interface ModelKeysBodies {
  readonly addModelKey: AddModelKey;
  readonly renameModelKey: RenameModelKey;
  readonly replaceModelKey: ReplaceModelKey;
}

/** The body of each route's good answer. */
export interface ModelKeysAnswers {
  readonly listModelKeys: ModelKeyList;
  readonly addModelKey: ModelKeyList;
  readonly renameModelKey: ModelKeyList;
  readonly replaceModelKey: ModelKeyList;
  readonly testModelKey: ModelKeyList;
  readonly removeModelKey: ModelKeyList;
}
