import { describe, expect, test } from "vitest";
import { withModelName } from "./model-name.ts";

describe("the provider is asked for the operator's model, whatever the sandbox names", () => {
  test.each<[string, string]>([
    ["first", '{"model":"default","stream":true,"messages":[]}'],
    ["last", '{"stream":true,"messages":[],"model":"default"}'],
    ["twice", '{"model":"default","messages":[],"model":"expensive"}'],
    ["twice, once in disguise", '{"model":"default","messages":[],"\\u006dodel":"expensive"}'],
    ["in a list", '{"model":["a","b"],"messages":[]}'],
    ["in a disguise", '{"model":"a\\"b","messages":[]}'],
    ["deep inside", '{"model":"default","messages":[{"model":"expensive"}]}'],
    ["not at all", '{"messages":[]}'],
    ["in what somebody says", JSON.stringify({ model: "default", messages: [{ content: '{"model":"x"}' }] })],
    ["alone", '{"model":"default"}'],
    ["after blanks", ' {\n "model" : "default" , "messages":[]}'],
  ])("%s", (_, text) => {
    const body = JSON.parse(text) as Record<string, unknown>;
    const sent = JSON.parse(withModelName(text, body, 'vendor-"1"')) as Record<string, unknown>;
    expect(sent).toEqual({ ...body, model: 'vendor-"1"' });
  });

  test("a request that is written as OpenCode writes it passes as it is but for the name", () => {
    const text = '{"model":"default","temperature":1.0,"messages":[]}';
    expect(withModelName(text, JSON.parse(text) as Record<string, unknown>, "m")).toBe(
      '{"model":"m","temperature":1.0,"messages":[]}',
    );
  });
});
