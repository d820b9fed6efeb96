import { LoginId } from "@threadbox/contracts/logins";
import { codexModels, type ModelDescription } from "@threadbox/contracts/model";
import type { ModelList } from "@threadbox/contracts/model-choice";
import { ModelKeyId } from "@threadbox/contracts/model-keys";
import { describe, expect, test } from "vitest";
import { pickerGroups, searched, typedAhead } from "./picker-options.ts";
import { withChoice } from "./remembered-choice.ts";

const loginId = LoginId.make("lgn_first00123456789");
const workspace: ModelDescription = { provider: "demo", id: "demo", label: "Demo model" };
const [model] = codexModels;
const answerer = { model: workspace, loginId: null, keyId: null, isGone: false };
const alone: ModelList = {
  revision: 1,
  now: 0,
  workspace,
  logins: [],
  keys: [],
  favourites: [],
  choice: { kind: "default" },
  answerer,
  byDefault: answerer,
};
const account = "a***@example.com";
const connected: ModelList = {
  ...alone,
  logins: [{ id: loginId, name: account, account, state: "connected", models: codexModels, usage: [] }],
};
const keyId = ModelKeyId.make(`key_${"0".repeat(32)}`);
const claude: ModelDescription = { provider: "own-anthropic", id: "claude-sonnet-5", label: "Claude Sonnet 5" };
const keyed: ModelList = { ...alone, keys: [{ id: keyId, name: "Work", kind: "anthropic", models: [claude] }] };
const own = { kind: "key", keyId, modelId: claude.id } as const;
const codex = { kind: "login", loginId, modelId: model?.id ?? "" } as const;
const current = (list: ModelList) =>
  pickerGroups(list)
    .flatMap(({ options }) => options)
    .filter(({ isCurrent }) => isCurrent)
    .map(({ label }) => label);

describe("the picker", () => {
  test("offers the workspace's model alone where nothing is connected, whatever was chosen", () => {
    expect(pickerGroups(alone)).toMatchObject([{ label: "Workspace", options: [{ label: "Demo model" }] }]);
    expect(current(alone)).toEqual(["Demo model"]);
    expect(current({ ...alone, choice: { kind: "workspace" } })).toEqual(["Demo model"]);
  });

  test("groups what there is by where it comes from, and marks exactly what is chosen", () => {
    expect(pickerGroups(connected).map(({ label }) => label)).toEqual([
      "Settings",
      "Workspace",
      "ChatGPT: a***@example.com",
    ]);
    expect(current(connected)).toEqual(["Default"]);
    expect(current({ ...connected, choice: { kind: "workspace" } })).toEqual(["Demo model"]);
    expect(current({ ...connected, choice: codex })).toEqual(["GPT-6 Sol"]);
  });

  test("offers a key's models beside the workspace's, which is the default without a login", () => {
    expect(pickerGroups(keyed).map(({ label }) => label)).toEqual(["Workspace", "Your key: Work"]);
    expect(current(keyed)).toEqual(["Demo model"]);
    expect(current({ ...keyed, choice: own })).toEqual(["Claude Sonnet 5"]);
  });

  test("has nothing current where the chosen key was removed, so that anything can be chosen", () => {
    expect(current({ ...alone, choice: own })).toEqual([]);
  });

  test("shows what is marked before everything else, once, and with where it comes from", () => {
    const [first, ...rest] = pickerGroups({ ...keyed, favourites: [own] });
    expect(first).toMatchObject({
      label: "Favourites",
      options: [{ label: "Claude Sonnet 5", hint: "Your key: Work" }],
    });
    expect(rest.flatMap(({ options }) => options.map(({ label }) => label))).toEqual(["Demo model"]);
    expect(searched([...(first === undefined ? [] : [first])], "work claude")).toHaveLength(1);
  });

  test("lets a login that was signed out be seen and not be taken", () => {
    const logins = connected.logins.map((login) => ({ ...login, state: "reauth" as const }));
    const [, , group] = pickerGroups({ ...connected, logins });
    expect(group?.options.every(({ isOut }) => isOut)).toBe(true);
  });
});

test("a search finds words in any order, of the option or of its group, and leaves no empty group", () => {
  const labels = (typed: string) =>
    searched(pickerGroups(connected), typed).flatMap(({ options }) => options.map(({ label }) => label));
  expect(labels("mini 5.4")).toEqual(["GPT-5.4 mini", "GPT-5.4 mini Fast"]);
  expect(labels("workspace")).toEqual(["Demo model"]);
  expect(searched(pickerGroups(connected), "nothing such")).toEqual([]);
});

test("typing ahead goes on to the next option that begins so, and round", () => {
  const labels = ["Default", "Demo model", "GPT-5.5"];
  expect(typedAhead(labels, "d", 0)).toBe(1);
  expect(typedAhead(labels, "d", 1)).toBe(0);
  expect(typedAhead(labels, "gp", 2)).toBe(2);
  expect(typedAhead(labels, "x", 0)).toBeNull();
});

describe("a thread that begins", () => {
  test("is shown with the remembered choice", () => {
    expect(withChoice(connected, codex)).toMatchObject({ choice: codex, answerer: { model, loginId } });
    expect(withChoice(connected, { kind: "workspace" }).answerer).toEqual(answerer);
    expect(withChoice(keyed, own)).toMatchObject({ choice: own, answerer: { model: claude, keyId, loginId: null } });
  });

  test("is shown with the default where the remembered choice can't be kept", () => {
    expect(withChoice(alone, codex)).toEqual(alone);
    expect(withChoice(connected, { ...codex, modelId: "gpt-2" })).toEqual(connected);
    expect(withChoice(alone, own)).toEqual(alone);
  });
});
