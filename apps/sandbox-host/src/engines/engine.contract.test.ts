import * as fs from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { ensureBody, openTestHost, sandboxName } from "../host.testing.ts";
import { requireSandboxes } from "../require-sandboxes.testing.ts";
import { dockerHostOfTests, findDockerForTests } from "./docker/docker.testing.ts";
import { describeEngineContract } from "./engine.contract.testing.ts";
import { escapeLimits } from "./local/escape-resources.testing.ts";
import { openJailBench } from "./local/jail.testing.ts";

const bench = await requireSandboxes(() => openJailBench(escapeLimits));
await bench?.close();
describeEngineContract("local", bench === undefined ? undefined : { SANDBOX_ENGINE: "local" });

const docker = await findDockerForTests();
if (docker !== undefined) await fs.rm(docker.state, { recursive: true, force: true });
describeEngineContract(
  "docker",
  docker === undefined ? undefined : { SANDBOX_ENGINE: "docker", DOCKER_HOST: dockerHostOfTests },
);

describe.skipIf(bench === undefined || docker === undefined)("a host with both engines", () => {
  test("runs each sandbox as its start says, in its own way where that says nothing, and tells of both", async () => {
    const host = await openTestHost({ SANDBOX_ENGINE: "auto", DOCKER_HOST: dockerHostOfTests });
    if ("refusal" in host) throw new Error(host.refusal);
    try {
      const available = { local: { available: true }, docker: { available: true } };
      await expect.poll(() => host.json("/health")).toMatchObject({ engine: "local", engines: available });
      const firstProgramOf = async (more: object) => {
        const name = sandboxName();
        const body = ensureBody(1, more);
        expect(await host.json(`/sandboxes/${name}`, { method: "PUT", body })).toMatchObject({ status: "ready" });
        return (await host.exec(name, ["cat", "/proc/1/comm"])).stdout.trim();
      };
      const programs = await Promise.all([{}, { engine: "docker" }, { engine: "local" }].map(firstProgramOf));
      expect(programs).toEqual(["bwrap", "tini", "bwrap"]);
    } finally {
      await host.close();
    }
  });
});
