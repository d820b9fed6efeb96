import { LoginId } from "@threadbox/contracts/logins";
import { codexDefaultId, codexModels } from "@threadbox/contracts/model";
import { describe, expect, test } from "vitest";
import { answererOf, readChoice } from "./choices.ts";

const loginId = LoginId.make("lgn_first00123456789");
const connected = { has: (id: LoginId) => id === loginId, defaultId: loginId, isForNewThreads: true };
const none = { has: () => false, defaultId: null, isForNewThreads: true };
const codex = { kind: "login", loginId, modelId: "gpt-6-sol" } as const;

describe("a choice that is kept", () => {
  test("without a model means the login's default one, and `none` the workspace's", () => {
    expect(readChoice({ kind: "login", loginId }, connected)).toEqual({ ...codex, modelId: codexDefaultId });
    expect(readChoice({ kind: "none" }, connected)).toEqual({ kind: "workspace" });
  });

  test("of a login or a model that isn't there any more is the default", () => {
    expect(readChoice(codex, none)).toEqual({ kind: "default" });
    expect(readChoice({ ...codex, modelId: "gpt-2" }, connected)).toEqual({ kind: "default" });
    expect(readChoice(codex, connected)).toEqual(codex);
  });
});

describe("what a choice comes to", () => {
  test("by default follows the user's switch and their default login", () => {
    const answer = (logins: typeof connected | typeof none) =>
      answererOf({ kind: "default" }, logins)?.model.id ?? null;
    expect(answer(connected)).toBe(codexDefaultId);
    expect(answer({ ...connected, isForNewThreads: false })).toBeNull();
    expect(answer(none)).toBeNull();
  });

  test("is the workspace's model or the login's own, whatever the switch says", () => {
    const off = { ...connected, isForNewThreads: false };
    expect(answererOf({ kind: "workspace" }, connected)).toBeNull();
    expect(answererOf(codex, off)).toMatchObject({ loginId, model: { id: "gpt-6-sol" } });
  });
});

test("the default model of a login is one that it has", () => {
  expect(codexModels.map(({ id }) => id)).toContain(codexDefaultId);
});
