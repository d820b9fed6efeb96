import * as path from "node:path";
import type { SandboxName } from "@threadbox/contracts/ids";
import type { OriginPoint, RestorePoint } from "@threadbox/contracts/points";
import type { EngineKind } from "@threadbox/contracts/sandbox-host";
import type { Logger } from "pino";
import type { Config } from "../../config.ts";
import { certificatesOf } from "../../egress/certificates.ts";
import { notFound, sandboxUnavailable } from "../../errors.ts";
import { openFolder } from "../../files/folder-walk.ts";
import { removeEntry } from "../../files/remove-entry.ts";
import { isNearlyFull } from "../../files/room-left.ts";
import { freeRoomOf } from "../../sandboxes/quota-guard.ts";
import { LocalSnapshots } from "../../snapshots/local-snapshots.ts";
import { settleReplacements } from "../../snapshots/replaced-workspace.ts";
import { restorePoint } from "../../snapshots/restore-point.ts";
import {
  fillFromOrigin,
  forgoRestore,
  hasWholeWorkspace,
  openRestoredDisks,
  requireDisks,
} from "../../snapshots/restored-disks.ts";
import { Saves } from "../../snapshots/saves.ts";
import { StartSteps } from "../../snapshots/start-steps.ts";
import type { SandboxEngine, SandboxStart } from "../engine.ts";
import { type Launchers, requireLauncher, statesOf } from "../launchers.ts";
import { countFolders, measureDisks } from "./disks/disk-sizes.ts";
import { openSandboxDisks } from "./disks/sandbox-disks.ts";
import { SharedDisks } from "./disks/shared-disks.ts";
import type { HostUser } from "./host-user.ts";
import { keptUserOf } from "./kept-user.ts";
import type { LocalMachine } from "./local-machine.ts";
import { startLocalSandbox } from "./local-start.ts";
import { reapLeftovers } from "./reaper.ts";
import { exists, listSandboxes, type SandboxFolders, sandboxFolders } from "./sandbox-folders.ts";
import { startWarmSandbox } from "./warm-start.ts";

/** How long a restore waits for requests that have hold of the files. */
const aloneWaitMsMax = 30_000;
const noRestic = "restic is not installed: apt-get install restic";

const degradationOf = (
  { controlGroups, disks, hasRestic }: LocalMachine,
  { disks: wanted, snapshots }: Config,
  kind: EngineKind,
): string | undefined => {
  const sentences = [
    ...("reason" in controlGroups && kind === "local"
      ? [`Sandboxes run without memory and CPU limits: ${controlGroups.reason}.`]
      : []),
    ...(disks.kind === "folders" && wanted === "auto" && kind === "local"
      ? [`Workspaces are counted and have no quota of their own: ${disks.reason}.`]
      : []),
    ...(snapshots !== undefined && !hasRestic ? [`Files of sandboxes aren't saved: ${noRestic}.`] : []),
  ];
  return sentences.length === 0 ? undefined : sentences.join(" ");
};

/** Programs that ran in the sandbox made what lies in there: it may be deeper than any path is long. */
const removeKept = async ({ kept }: SandboxFolders): Promise<void> => {
  if (!(await exists(kept))) return;
  const parent = await openFolder(path.dirname(kept));
  try {
    await removeEntry(parent, path.basename(kept));
  } finally {
    await parent.close();
  }
};

const lateFiles = {
  waitMsMax: aloneWaitMsMax,
  tooLate: () => sandboxUnavailable("Files of this thread are still being sent. Try again in a moment."),
};

/** Sandboxes on this machine: their files are the engine's, and launchers shut their processes in. */
export const localEngine = (
  machine: LocalMachine,
  config: Config,
  log: Logger,
  launchers: Launchers,
): SandboxEngine => {
  /** How each sandbox was last started. */
  const kinds = new Map<SandboxName, EngineKind>();
  const wantsImages = (kind: EngineKind) => config.disks === "auto" && kind === "local";
  const foldersOf = (name: SandboxName) => sandboxFolders(config.stateDirectory, name);
  const userOf = (name: SandboxName) => keptUserOf(machine, name, foldersOf(name));
  const openAs = (folders: SandboxFolders, user: HostUser | undefined, kind = launchers.default) =>
    openSandboxDisks(folders, {
      support: machine.disks,
      wantsImages: wantsImages(kind),
      limits: config.diskLimits,
      user,
    });
  const openDisks = async (name: SandboxName, folders = foldersOf(name)) =>
    openAs(folders, await userOf(name), kinds.get(name));
  const steps = new StartSteps();
  const store =
    config.snapshots === undefined
      ? undefined
      : new LocalSnapshots({ machine, config, settings: config.snapshots, log, steps, now: Date.now });
  const snapshots = machine.hasRestic ? store : undefined;
  const restoredDisks = async (name: SandboxName, from: LocalSnapshots) => ({
    name,
    folders: foldersOf(name),
    user: await userOf(name),
    snapshots: from,
    open: () => openDisks(name),
  });
  const openRestored = async (name: SandboxName, from: LocalSnapshots) =>
    openRestoredDisks(await restoredDisks(name, from));
  const disks = new SharedDisks(
    (name) => {
      const open = () => openDisks(name);
      if (store === undefined) return open();
      if (snapshots === undefined) {
        return requireDisks(name, foldersOf(name), { snapshots: store, reason: noRestic }).then(open);
      }
      return openRestored(name, snapshots);
    },
    (error) => log.error({ event: "disks.close_failed", err: error }, "the disks of a sandbox were not closed"),
  );
  const requireSnapshots = (): LocalSnapshots => {
    if (snapshots !== undefined) return snapshots;
    throw sandboxUnavailable(machine.hasRestic ? "This host has no folder for snapshots." : `${noRestic}.`);
  };
  const saves = new Saves(async (name, point, signal) => {
    const store = requireSnapshots();
    if (!(await hasWholeWorkspace(foldersOf(name)))) throw notFound("There is no such sandbox on this host.");
    const { disks: open, release } = await disks.use(name);
    try {
      const saved = await store.save({ name, disks: open, user: await userOf(name) }, { signal, point });
      const isDiskFull = open.namespace !== undefined && (await isNearlyFull(open.paths.workspace));
      return isDiskFull ? { ...saved, isDiskFull } : saved;
    } finally {
      release();
    }
  });
  /** Before a start, when nothing of the sandbox runs. */
  const restoreBefore = ({ name, request }: SandboxStart, point: RestorePoint, signal: AbortSignal): Promise<void> => {
    const store = requireSnapshots();
    log.info({ event: "point.restore", sandbox: name, generation: request.generation, point: point.id }, "restoring");
    const restore = async () => {
      if (!(await hasWholeWorkspace(foldersOf(name)))) await (await openRestored(name, store)).close();
      await restorePoint({
        name,
        folders: foldersOf(name),
        user: await userOf(name),
        snapshots: store,
        open: (folders) => openDisks(name, folders),
        freeBytes: async () => (await freeRoomOf(config.stateDirectory)).bytes - config.diskReserveMib * 1024 * 1024,
        point,
        signal,
      });
    };
    return disks.alone(name, restore, lateFiles);
  };
  const beginFrom = (name: SandboxName, origin: OriginPoint): Promise<void> => {
    const from = requireSnapshots();
    return disks.alone(name, async () => fillFromOrigin(await restoredDisks(name, from), origin), lateFiles);
  };
  const findCertificate = certificatesOf(machine.authority, Date.now);
  const reason = degradationOf(machine, config, launchers.default);
  return {
    kind: launchers.default,
    states: () => statesOf(launchers),
    disks: config.disks === "auto" ? machine.disks.kind : "folders",
    ...(reason === undefined ? {} : { reason }),
    reap: async () => {
      await reapLeftovers(config.stateDirectory, log);
      await settleReplacements((await listSandboxes(config.stateDirectory)).map(foldersOf));
    },
    stepOf: (name) => steps.of(name),
    ...(launchers.default === "local"
      ? {
          warm: {
            start: (plan, signal) =>
              startWarmSandbox({
                machine,
                config,
                log,
                findCertificate,
                foldersOf,
                openDisks: openAs,
                launch: requireLauncher(launchers, launchers.default),
                shared: disks,
                plan,
                signal,
              }),
            isNew: async (name) => !(await exists(foldersOf(name).kept)) && !((await store?.has(name)) ?? false),
          },
        }
      : {}),
    start: async (start, signal) => {
      const kind = start.request.engine ?? launchers.default;
      const launch = requireLauncher(launchers, kind);
      kinds.set(start.name, kind);
      if (start.request.startsEmpty === true && store !== undefined) {
        await disks.closed(start.name);
        await forgoRestore(start.name, foldersOf(start.name), store);
      }
      const { restore, origin } = start.request;
      if (origin !== undefined) await beginFrom(start.name, origin);
      if (restore !== undefined) await restoreBefore(start, restore, signal);
      return startLocalSandbox({
        machine,
        config,
        folders: foldersOf(start.name),
        user: await userOf(start.name),
        during: (step, act) => steps.during(start.name, step, act),
        findCertificate,
        useDisks: () => disks.use(start.name),
        launch,
        start,
        signal,
        log: log.child({ sandbox: start.name, generation: start.request.generation }),
      });
    },
    openWorkspace: async (name) => {
      if (!(await hasWholeWorkspace(foldersOf(name)))) return undefined;
      const { disks: open, release } = await disks.use(name);
      const owner = await userOf(name);
      return { location: { path: open.paths.workspace, ...(owner === undefined ? {} : { owner }) }, release };
    },
    measureFiles: (name) => measureDisks(foldersOf(name), machine),
    countFolders: (name) => countFolders(foldersOf(name), machine),
    save: (name, point) => saves.save(name, point),
    listPoints: async (name) => (await snapshots?.points({ name, user: await userOf(name) })) ?? [],
    comparePoint: async (name, id) => {
      const store = requireSnapshots();
      if (!(await hasWholeWorkspace(foldersOf(name)))) throw notFound("There is no such sandbox on this host.");
      const { disks: open, release } = await disks.use(name);
      return store.compare({ name, disks: open, user: await userOf(name) }, id).finally(release);
    },
    abandonSaves: () => saves.abandonAll(),
    removeFiles: async (name) => {
      kinds.delete(name);
      await saves.abandon(name);
      await disks.closed(name);
      await removeKept(foldersOf(name));
      await store?.remove(name);
    },
  };
};
