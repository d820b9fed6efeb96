import * as path from "node:path";
import type { EngineState } from "@threadbox/contracts/sandbox-host";
import type { Logger } from "pino";
import type { Config } from "../config.ts";
import { containerMachine } from "./docker/container-machine.ts";
import { DockerWatch } from "./docker/docker-watch.ts";
import type { DockerRefusal, FoundDocker } from "./docker/find-docker.ts";
import { launchInContainer } from "./docker/launch-in-container.ts";
import { reapContainers } from "./docker/reap-containers.ts";
import type { SandboxEngine } from "./engine.ts";
import type { Launcher } from "./launchers.ts";
import { launchInJail } from "./local/launch-sandbox.ts";
import { localEngine } from "./local/local-engine.ts";
import { findLocalMachine, type LocalMachine, type MachineRefusal, stateName } from "./local/local-machine.ts";
import { noEngine } from "./none.ts";

const without = (reason: string): EngineState => ({ available: false, reason });
const noDocker = without("Docker sandboxes not configured");
const noJail = { refusal: "Local sandboxes not configured" };

/** The first look runs a container; whoever asks meanwhile is told so. */
const lookMsMax = 300;

const stateOf = async (watch: DockerWatch): Promise<EngineState> => {
  const late = Promise.withResolvers<DockerRefusal>();
  const timer = setTimeout(() => late.resolve({ refusal: "Docker is being tried out" }), lookMsMax);
  const found = await Promise.race([watch.find(), late.promise]);
  clearTimeout(timer);
  return "refusal" in found ? without(found.refusal) : { available: true };
};

const dockerWatch = ({ engine, dockerHost, image, stateDirectory, limits }: Config): DockerWatch | undefined =>
  engine === "local"
    ? undefined
    : new DockerWatch(
        {
          dockerHost,
          image,
          limits,
          state: stateName(stateDirectory),
          folder: path.join(stateDirectory, "probe-docker"),
        },
        () => performance.now(),
      );

const tell = (log: Logger, found: FoundDocker | DockerRefusal): void => {
  if ("refusal" in found) log.info({ event: "docker.none" }, found.refusal);
  else log.info({ event: "docker.found", image: found.image }, found.reason ?? "sandboxes can be Docker containers");
};

/** The engine with what this machine has, and in the ways that the configuration allows. */
export const chooseEngine = async (config: Config, log: Logger): Promise<SandboxEngine> => {
  const watch = dockerWatch(config);
  // Before the first look, which makes a container itself.
  if (watch !== undefined) await reapContainers(config.dockerHost, stateName(config.stateDirectory), log);
  const jailed: LocalMachine | MachineRefusal =
    config.engine === "docker" ? noJail : await findLocalMachine(config.stateDirectory, config.limits);
  const first = watch?.find().then((found) => {
    tell(log, found);
    return found;
  });
  const found = "refusal" in jailed && config.engine === "auto" ? await first : undefined;
  if ("refusal" in jailed && (watch === undefined || (found !== undefined && "refusal" in found))) {
    const reason = found === undefined || !("refusal" in found) ? jailed.refusal : `${jailed.refusal} ${found.refusal}`;
    log.warn({ event: "engine.none" }, reason);
    const docker = found !== undefined && "refusal" in found ? without(found.refusal) : noDocker;
    return noEngine(reason, { local: without(jailed.refusal), docker });
  }
  const machine =
    "refusal" in jailed && watch !== undefined ? await containerMachine(config.stateDirectory, watch) : jailed;
  if ("refusal" in machine) return noEngine(machine.refusal, { local: without(machine.refusal), docker: noDocker });
  const local: Launcher | EngineState =
    "refusal" in jailed
      ? without(jailed.refusal)
      : { launch: launchInJail(jailed, config.limits), state: async () => ({ available: true }) };
  const docker: Launcher | EngineState =
    watch === undefined
      ? noDocker
      : { launch: launchInContainer(machine, config.limits, watch), state: () => stateOf(watch) };
  const engine = localEngine(machine, config, log, {
    default: "refusal" in jailed ? "docker" : "local",
    of: { local, docker },
  });
  if (engine.reason !== undefined) log.warn({ event: "engine.degraded" }, engine.reason);
  return engine;
};
