import * as fs from "node:fs/promises";
import * as path from "node:path";
import type Docker from "dockerode";
import { freezerFiles, parseControlGroupRoots } from "../local/control-group-plan.ts";
import { type Freezer, groupFreezer, signalFreezer } from "../local/freezer.ts";

/** The group of a process that can be frozen; undefined where it has none that this process may write to. */
const freezerOf = async (membership: string) => {
  const { unified, controllers } = parseControlGroupRoots(
    await fs.readFile("/proc/self/mountinfo", "utf8"),
    membership,
  );
  const own = membership.match(/^0::(.*)$/m)?.[1];
  const version1 = controllers.get("freezer");
  const [folder, file] =
    version1 === undefined
      ? [path.join(unified ?? "/", own ?? ""), "cgroup.freeze" as const]
      : [path.join(version1.mount, version1.own), "freezer.state" as const];
  const isWritable = await fs.access(path.join(folder, file), fs.constants.W_OK).then(
    () => true,
    () => false,
  );
  return isWritable ? groupFreezer({ freezer: { folder, file, ...freezerFiles[file] } }) : undefined;
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
export const containerFreezer = async (
  docker: Docker,
  { Id, State }: Docker.ContainerInspectInfo,
): Promise<Freezer> => {
  const membership = await fs.readFile(`/proc/${State.Pid}/cgroup`, "utf8").catch(() => "");
  // Another machine's process ids mean something else here.
  if (!membership.includes(Id)) return pausing(docker.getContainer(Id));
  return (await freezerOf(membership)) ?? signalFreezer(State.Pid);
};
