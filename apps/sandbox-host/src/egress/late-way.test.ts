import { expect, test } from "vitest";
import { lateWay, showInstead } from "./late-way.ts";
import { noWay } from "./way.ts";

test("a sandbox that is nobody's reaches no host and shows nothing to the worker", async () => {
  const { way } = lateWay();
  expect(await way.decisions.ask("registry.npmjs.org")).toMatchObject({ verdict: "deny" });
  expect(await way.decisions.askAlways("registry.npmjs.org")).toMatchObject({ verdict: "deny" });
  expect(way.show({ authorization: "Bearer of-nobody" })).toBeNull();
});

test("it becomes one start's way, and no other's after that", async () => {
  const { way, become } = lateWay();
  become({
    ...noWay,
    decisions: { ...noWay.decisions, ask: async () => ({ verdict: "tunnel" }) },
    show: showInstead("of-nobody", "of-the-start"),
  });
  expect(await way.decisions.ask("registry.npmjs.org")).toEqual({ verdict: "tunnel" });
  expect(way.show({ authorization: "Bearer of-nobody", "x-api-key": "of-nobody", accept: "of-nobody" })).toEqual({
    authorization: "Bearer of-the-start",
    "x-api-key": "of-the-start",
    accept: "of-nobody",
  });
  expect(way.show({ authorization: "Bearer something else" })).toEqual({ authorization: "Bearer something else" });
  expect(() => become(noWay)).toThrow("once");
});
