import { LoginId } from "@threadbox/contracts/logins";
import { codexModels, type ModelDescription } from "@threadbox/contracts/model";
import type { ModelList } from "@threadbox/contracts/model-choice";
import { describe, expect, test } from "vitest";
import { pickerGroups, searched, typedAhead } from "./picker-options.ts";
import { withChoice } from "./remembered-choice.ts";

const loginId = LoginId.make("lgn_first00123456789");
const workspace: ModelDescription = { provider: "demo", id: "demo", label: "Demo model" };
const [model] = codexModels;
const answerer = { model: workspace, loginId: null };
const alone: ModelList = {
  revision: 1,
  now: 0,
  workspace,
  logins: [],
  choice: { kind: "default" },
  answerer,
  byDefault: answerer,
};
const account = "a***@example.com";
const connected: ModelList = {
  ...alone,
  logins: [{ id: loginId, name: account, account, state: "connected", models: codexModels, usage: [] }],
};
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
  });

  test("is shown with the default where the remembered choice can't be kept", () => {
    expect(withChoice(alone, codex)).toEqual(alone);
    expect(withChoice(connected, { ...codex, modelId: "gpt-2" })).toEqual(connected);
  });
});
