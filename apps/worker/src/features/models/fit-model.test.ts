import type { ModelEffort, ModelTraits } from "@threadbox/contracts/model";
import { describe, expect, test } from "vitest";
import { fitModel } from "./fit-model.ts";
import type { OwnModel } from "./own-models.ts";

const traits: ModelTraits = { context: 200_000, output: 8_192, efforts: ["low", "medium", "high"] };
const own = (kind: OwnModel["kind"], more: Partial<ModelTraits> | null, effort?: ModelEffort): OwnModel => ({
  ...{ userId: "user_1" as never, keyId: "key_1" as never, kind, address: null, effort },
  model: {
    ...{ provider: `own-${kind}`, id: "m-1", label: "M" },
    ...(more === null ? {} : { traits: { ...traits, ...more } }),
  },
});
const fitted = (body: object, model: OwnModel): unknown =>
  JSON.parse(fitModel({ text: JSON.stringify(body), body: { ...body } }, model));

describe("a request to a user's own model", () => {
  test("is only given its name where nothing is known of the model", () => {
    const body = { model: "own", max_tokens: 32_000, messages: [] };
    expect(fitted(body, own("compatible", null, "high"))).toEqual({ ...body, model: "m-1" });
    expect(fitted({ ...body, max_tokens: 4_000 }, own("anthropic", {}))).toMatchObject({ max_tokens: 4_000 });
  });

  test("asks for no longer answer than the model gives", () => {
    expect(fitted({ model: "own", max_tokens: 32_000 }, own("anthropic", {}))).toEqual({
      model: "m-1",
      max_tokens: 8_192,
    });
    expect(fitted({ model: "own", max_completion_tokens: 9_000 }, own("compatible", {}))).toMatchObject({
      max_completion_tokens: 8_192,
    });
  });

  test("says the chosen effort in the words of a compatible endpoint", () => {
    expect(fitted({ model: "own" }, own("compatible", {}, "high"))).toEqual({ model: "m-1", reasoning_effort: "high" });
  });

  test.each([
    ["adaptive", { thinking: { type: "adaptive" }, output_config: { effort: "high" } }],
    ["effort", { temperature: 1, output_config: { effort: "high" } }],
    ["budget", { thinking: { type: "enabled", budget_tokens: 7_168 } }],
  ] as const)("says it to Anthropic as the model wants it: %s", (effortAs, said) => {
    const body = { model: "own", max_tokens: 32_000, temperature: 1 };
    expect(fitted(body, own("anthropic", { effortAs }, "high"))).toEqual({ model: "m-1", max_tokens: 8_192, ...said });
  });

  test("leaves thinking out where an answer has no room for it", () => {
    const body = { model: "own", max_tokens: 1_500 };
    expect(fitted(body, own("anthropic", { effortAs: "budget" }, "low"))).toEqual({ model: "m-1", max_tokens: 1_500 });
  });
});
