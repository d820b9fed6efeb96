import { expect, test } from "vitest";
import { describeSecret, planImport } from "./import-plan.ts";

const environment = {
  MODEL_API_KEY: "sk-canary-1",
  MODEL_BASE_URL: "https://api.example.com/v1",
  ANTHROPIC_API_KEY: " sk-ant-canary ",
  PARTNER_KEY: "canary-2",
  EMPTY_KEY: " ",
  PATH: "/bin",
};

test("without names all known credentials that are set are moved, bound to where they are used", () => {
  expect(planImport([], environment)).toEqual({
    problems: [],
    secrets: [
      { name: "MODEL_API_KEY", usage: "internal", hosts: ["api.example.com"], value: "sk-canary-1" },
      { name: "ANTHROPIC_API_KEY", usage: "egress", hosts: ["api.anthropic.com"], value: "sk-ant-canary" },
    ],
  });
  expect(planImport([], { PATH: "/bin" }).problems).toHaveLength(1);
});

test("a name of one's own is for programs, and with hosts for requests to them alone", () => {
  expect(planImport(["PARTNER_KEY"], environment).secrets).toMatchObject([{ usage: "env", hosts: [] }]);
  expect(planImport(["PARTNER_KEY=a.test,b.test:8443"], environment).secrets).toMatchObject([
    { usage: "egress", hosts: ["a.test", "b.test:8443"] },
  ]);
});

test("what is not set, or is no name, is said, and nothing that is said holds a value", () => {
  const { problems, secrets } = planImport(["EMPTY_KEY", "lower", "MISSING", "MODEL_API_KEY"], environment);
  expect(problems).toEqual([
    "EMPTY_KEY is not set",
    '"lower" is not a name such as MODEL_API_KEY or PARTNER_KEY=api.example.com',
    "MISSING is not set",
  ]);
  expect(secrets.map(describeSecret)).toEqual(["MODEL_API_KEY, for the model gateway to api.example.com"]);
});
