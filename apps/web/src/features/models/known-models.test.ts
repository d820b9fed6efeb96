import type { ModelList } from "@threadbox/contracts/model-choice";
import { expect, test } from "vitest";
import { keepModels, knownModels } from "./known-models.ts";

const model = { provider: "demo", id: "demo", label: "Demo model" } as const;
const answerer = { model, loginId: null, keyId: null, isGone: false };
const listOf = (revision: number): ModelList => ({
  revision,
  now: 0,
  workspace: answerer.model,
  logins: [],
  keys: [],
  favourites: [],
  choice: { kind: "default" },
  answerer,
  byDefault: answerer,
});

test("an answer that was overtaken by a newer one changes nothing, and threads are told apart", () => {
  const threadId = "thread0123456789";
  keepModels(threadId, listOf(2));
  expect(keepModels(threadId, listOf(1)).list.revision).toBe(2);
  expect(knownModels(threadId)?.list.revision).toBe(2);
  expect(knownModels(null)).toBeNull();
});
