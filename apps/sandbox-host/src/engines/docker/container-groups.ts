import * as fs from "node:fs/promises";
import * as path from "node:path";
import type Docker from "dockerode";
import type { SandboxLimits } from "../../config.ts";
import { freezerFiles, parseControlGroupRoots, socketMemoryShare } from "../local/control-group-plan.ts";
import { type Freezer, groupFreezer, signalFreezer } from "../local/freezer.ts";

type Container = Pick<Docker.ContainerInspectInfo, "Id" | "State">;

/** The control groups of a container's first process; undefined where the engine's processes are not this machine's. */
const groupsOf = async ({ Id, State }: Container) => {
  const membership = await fs.readFile(`/proc/${State.Pid}/cgroup`, "utf8").catch(() => "");
  // Another machine's process ids mean something else here.
  if (!membership.includes(Id)) return undefined;
  const { unified, controllers } = parseControlGroupRoots(
    await fs.readFile("/proc/self/mountinfo", "utf8"),
    membership,
  );
  return {
    version1: (controller: string): string | undefined => {
      const at = controllers.get(controller);
      return at === undefined ? undefined : path.join(at.mount, at.own);
    },
    version2: path.join(unified ?? "/", membership.match(/^0::(.*)$/m)?.[1] ?? ""),
  };
};

const mib = 1024 * 1024;

/**
 * What sockets buffer version 1 counts apart from the memory, and the engine sets no limit to it. Before the container's program
 * has read anything.
 */
export const limitSockets = async (container: Container, { memoryMib }: SandboxLimits): Promise<void> => {
  const folder = (await groupsOf(container))?.version1("memory");
  if (folder === undefined) return;
  const bytes = String(memoryMib * mib * socketMemoryShare);
  await fs.writeFile(path.join(folder, "memory.kmem.tcp.limit_in_bytes"), bytes, { flag: "r+" }).catch(() => {});
};

/** By the engine, one after the other: for an engine whose processes this machine doesn't see. */
const pausing = (container: Docker.Container): Freezer => {
  let last: Promise<unknown> = Promise.resolve();
  const then = (act: () => Promise<unknown>): void => {
    last = last.then(act).catch(() => {});
  };
  return {
    freeze: () => then(() => container.pause()),
    thaw: () => then(() => container.unpause()),
    processes: () => [],
  };
};

/** How a container's processes are stopped where they are. */
export const containerFreezer = async (docker: Docker, container: Container): Promise<Freezer> => {
  const groups = await groupsOf(container);
  if (groups === undefined) return pausing(docker.getContainer(container.Id));
  const version1 = groups.version1("freezer");
  const [folder, file] =
    version1 === undefined ? ([groups.version2, "cgroup.freeze"] as const) : ([version1, "freezer.state"] as const);
  const isWritable = await fs.access(path.join(folder, file), fs.constants.W_OK).then(
    () => true,
    () => false,
  );
  const byGroup = isWritable ? groupFreezer({ freezer: { folder, file, ...freezerFiles[file] } }) : undefined;
  return byGroup ?? signalFreezer(container.State.Pid);
};
