import { expect, test } from "vitest";
import { HostError } from "../errors.ts";
import { type Launchers, requireLauncher, statesOf } from "./launchers.ts";

const launch = () => Promise.reject(new Error("not used"));
const launchers: Launchers = {
  default: "local",
  of: {
    local: { launch, state: async () => ({ available: true }) },
    docker: { available: false, reason: "Docker sandboxes not configured" },
  },
};

test("each way of running a sandbox is told, whether the host has it or not", async () => {
  expect(await statesOf(launchers)).toEqual({
    local: { available: true },
    docker: { available: false, reason: "Docker sandboxes not configured" },
  });
});

test("a start that names a way which the host hasn't is refused with the reason", () => {
  expect(requireLauncher(launchers, "local")).toBe(launch);
  expect(() => requireLauncher(launchers, "docker")).toThrow(
    new HostError("SandboxUnavailable", "Docker sandboxes not configured"),
  );
});
