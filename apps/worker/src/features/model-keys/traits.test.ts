import { ownModelOf } from "@threadbox/contracts/model";
import { describe, expect, test } from "vitest";
import { modelsIn, ownModel } from "./provider.ts";
import { traitsOf, withTraits } from "./traits.ts";

const listed = (kind: "anthropic" | "compatible" | "openai", entry: object) =>
  modelsIn(kind, JSON.stringify({ data: [entry] }))?.[0]?.traits;
const yes = { supported: true };
const no = { supported: false };

describe("what a provider's listing tells of a model", () => {
  test("counts as Anthropic has it: sizes, efforts, and how they are said", () => {
    const capabilities = {
      effort: { ...yes, low: yes, medium: yes, high: yes, max: yes, xhigh: no },
      thinking: { ...yes, types: { adaptive: yes, enabled: yes } },
    };
    const sizes = { max_input_tokens: 1_000_000, max_tokens: 128_000 };
    expect(listed("anthropic", { id: "claude-opus-9", ...sizes, capabilities })).toEqual({
      ...{ context: 1_000_000, output: 128_000 },
      ...{ efforts: ["low", "medium", "high", "max"], effortAs: "adaptive" },
    });
    const older = { effort: no, thinking: { ...yes, types: { adaptive: no, enabled: yes } } };
    expect(listed("anthropic", { id: "claude-x", ...sizes, capabilities: older })).toMatchObject({
      ...{ efforts: ["low", "medium", "high"], effortAs: "budget" },
    });
  });

  test.each([
    [{ context_length: 262_144, top_provider: { max_completion_tokens: 65_536 } }, 262_144, 65_536],
    [{ context_window: 131_072, max_completion_tokens: 32_768 }, 131_072, 32_768],
    [{ max_model_len: 32_768 }, 32_768, 16_384],
    [{ max_model_len: 8_192 }, 8_192, 8_192],
  ])("counts in the words of compatible endpoints: %j", (entry, context, output) => {
    expect(listed("compatible", { id: "m", ...entry })).toEqual({ context, output, efforts: [] });
  });

  test("has efforts where it takes the parameter", () => {
    const entry = { id: "m", context_length: 128_000, supported_parameters: ["tools", "reasoning"] };
    expect(listed("compatible", entry)).toMatchObject({ efforts: ["low", "medium", "high"] });
  });

  test.each([{ context_length: "many" }, { context_length: -1 }, { context_length: 1e300 }, { top_provider: null }])(
    "is nothing where it makes no sense: %j",
    (entry) => {
      expect(listed("compatible", { id: "m", ...entry })).toBeUndefined();
    },
  );
});

describe("a well-known model", () => {
  test.each([
    ["openai", "gpt-4o-mini", 128_000, []],
    ["openai", "gpt-4.1", 1_047_576, []],
    ["openai", "gpt-5", 400_000, ["minimal", "low", "medium", "high"]],
    ["openai", "gpt-6-sol", 400_000, ["none", "low", "medium", "high"]],
    ["openai", "gpt-5-pro", 400_000, []],
    ["openai", "o3", 200_000, ["low", "medium", "high"]],
    ["anthropic", "claude-3-5-haiku-20241022", 200_000, []],
    ["anthropic", "claude-sonnet-4-5-20250929", 200_000, ["low", "medium", "high"]],
    ["anthropic", "claude-of-tomorrow", 200_000, []],
  ] as const)(
    "of %s, %s, has its own sizes and efforts without a word of the listing's",
    (kind, id, context, efforts) => {
      expect(traitsOf(kind, id)).toMatchObject({ context, efforts });
      expect(withTraits(kind, ownModel(kind, id)).traits).toEqual(traitsOf(kind, id));
    },
  );

  test("of a compatible endpoint is whatever its listing says: a name proves nothing there", () => {
    expect(traitsOf("compatible", "gpt-5")).toBeUndefined();
  });
});

test.each([
  [undefined, "own"],
  [1_047_576, "own-1m"],
  [262_144, "own-200k"],
  [131_072, "own"],
  [100_000, "own-64k"],
  [4_096, "own-16k"],
])("OpenCode takes a model with a context of %s as the next smaller size that it knows", (context, name) => {
  const model = ownModel("compatible", "m");
  const traits = context === undefined ? {} : { traits: { context, output: 4_096, efforts: [] } };
  expect(ownModelOf({ ...model, ...traits })).toBe(name);
});
