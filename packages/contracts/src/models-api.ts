import type { ModelList } from "./model-choice.ts";

/** What answers a thread: for who is signed in, by `Authorization: Bearer` with the access token. */
export const modelsApi = {
  /** `?thread=` and `?seen=`. */
  models: { method: "GET", path: "/api/models" },
  chooseModel: { method: "PUT", path: "/api/models/threads/:threadId" },
  /** `?thread=` as above. */
  markFavourite: { method: "PUT", path: "/api/models/favourites" },
} as const;

export interface ModelsAnswers {
  readonly models: ModelList;
  readonly chooseModel: ModelList;
  readonly markFavourite: ModelList;
}
