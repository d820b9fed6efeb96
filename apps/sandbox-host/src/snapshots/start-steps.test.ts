import { expect, test } from "vitest";
import { sandboxName } from "../host.testing.ts";
import { StartSteps } from "./start-steps.ts";

test("a start that takes its time is at a step while that lasts, whatever it ends with, and others are not", async () => {
  const steps = new StartSteps();
  const [name, other] = [sandboxName(), sandboxName()];
  const work = Promise.withResolvers<void>();
  const during = steps.during(name, "Installing what the repository brings for OpenCode", () => work.promise);
  expect(steps.of(name)).toBe("Installing what the repository brings for OpenCode.");
  expect(steps.of(other)).toBeUndefined();
  work.reject(new Error("It failed."));
  await expect(during).rejects.toThrow("It failed.");
  expect(steps.of(name)).toBeUndefined();
});
