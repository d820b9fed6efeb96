import * as path from "node:path";
import { fileURLToPath } from "node:url";
import type { SandboxLimits } from "../../config.ts";
import type { LaunchRequest, LaunchSandbox } from "../launched.ts";
import { planControlGroup } from "./control-group-plan.ts";
import { type ControlGroup, createControlGroup, removeControlGroup } from "./control-groups.ts";
import { signalFreezer } from "./freezer.ts";
import { launchJail } from "./launch.ts";
import type { LocalMachine } from "./local-machine.ts";
import { inside, jailProfile } from "./profile.ts";
import { processStartTime, writeRunRecord } from "./run-record.ts";
import { Trials } from "./trial.ts";

const supervisorFolder = path.dirname(fileURLToPath(new URL("./inside/supervisor.ts", import.meta.url)));

/** The first program inside, as every engine starts it. */
export const supervisorCommand = [
  `${inside.programs}/node`,
  "--max-old-space-size=96",
  "--disable-sigusr1",
  `${inside.supervisor}/supervisor.ts`,
] as const;

/** What of the machine every sandbox sees. */
export const sandboxSources = (machine: LocalMachine, { disks, folders }: LaunchRequest) => ({
  ...machine,
  ...disks().sources,
  controlDirectory: folders.control,
  egressSocket: folders.egressSocket,
  supervisor: supervisorFolder,
});

const joinGroup = async (
  { controlGroups, controlGroupName }: LocalMachine,
  limits: SandboxLimits,
  { folders, name, undo }: LaunchRequest,
): Promise<ControlGroup | undefined> => {
  if ("reason" in controlGroups) {
    await writeRunRecord(folders.record, { controlGroup: [] });
    return undefined;
  }
  const plan = planControlGroup(controlGroups, controlGroupName, name, limits);
  await writeRunRecord(folders.record, { controlGroup: plan.leaves });
  undo.add(() => removeControlGroup(plan.leaves));
  // A group that survived would keep its counters and its processes.
  await removeControlGroup(plan.leaves);
  return createControlGroup(plan);
};

/** As jailed processes of this machine. */
export const launchInJail =
  (machine: LocalMachine, limits: SandboxLimits): LaunchSandbox =>
  async (request) => {
    const { disks, folders, user, undo } = request;
    const group = await joinGroup(machine, limits, request);
    const sources = () => sandboxSources(machine, request);
    const launch = { limits, user, namespace: disks().namespace, joinFiles: group?.joinFiles ?? [] };
    const jail = launchJail({ ...launch, profile: jailProfile(sources(), limits), command: supervisorCommand });
    const trials = new Trials({ ...launch, sources });
    undo.add(() => trials.stop());
    const { pid } = jail;
    const startTime = pid === undefined ? undefined : await processStartTime(pid);
    if (pid !== undefined && startTime !== undefined) {
      await writeRunRecord(folders.record, { controlGroup: group?.folders ?? [], process: { pid, startTime } });
    }
    return {
      jail,
      freezer: group?.freezer ?? signalFreezer(pid ?? 0),
      countOomKills: async () => (await group?.countOomKills()) ?? 0,
      trial: (trial) => trials.run(trial),
    };
  };
