import * as fs from "node:fs/promises";
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
