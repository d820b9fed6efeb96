import { createHash } from "node:crypto";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import type { SandboxLimits } from "../../config.ts";
import { type Authority, openAuthority } from "../../egress/authority.ts";
import type { ControlGroupRoots } from "./control-group-plan.ts";
import { findControlGroupRoots } from "./control-groups.ts";
import { type DiskSupport, findDiskSupport } from "./disks/disk-support.ts";
import { isOnPath } from "./host-program.ts";
import { findOpenCode, findSystemBundles, findSystemMounts, identityFiles } from "./host-system.ts";
import { type Jail, type LaunchOptions, launchJail, stageDirectory } from "./launch.ts";
import { inside, jailProfile, type Mount } from "./profile.ts";
import { keepTail } from "./supervisor-channel.ts";
import { isMachine } from "./syscalls.ts";

/** What the local engine found out about the machine at its start. */
export interface LocalMachine {
  /** Shuts in what works on the files of sandboxes from outside. */
  readonly launch: (options: LaunchOptions) => Jail;
  readonly node: string;
  readonly openCode: string;
  readonly ws: string;
  readonly system: readonly Mount[];
  readonly identityFiles: string;
  readonly authority: Authority;
  /** Files with the certificates that this machine believes. */
  readonly systemBundles: readonly string[];
  /** The host runs as root and gives each sandbox a user of its own. */
  readonly isRoot: boolean;
  /** bubblewrap makes jails here. */
  readonly canJail: boolean;
  /** `/proc/self/uid_map`. */
  readonly idMap: string;
  readonly controlGroups: ControlGroupRoots | { readonly reason: string };
  /** Names this state folder's control groups. */
  readonly controlGroupName: string;
  readonly disks: DiskSupport;
  /** What saves files; without it nothing is saved. */
  readonly hasRestic: boolean;
}

export interface MachineRefusal {
  /** One plain sentence that says what to install or allow. */
  readonly refusal: string;
}

/** Runs `true` in a jail like a sandbox's; undefined when that works, otherwise the last thing bubblewrap said. */
const tryJail = async (machine: LocalMachine, limits: SandboxLimits, folder: string): Promise<string | undefined> => {
  const profile = jailProfile(
    {
      workspace: folder,
      home: folder,
      controlDirectory: folder,
      egressSocket: folder,
      node: machine.node,
      openCode: machine.openCode,
      supervisor: folder,
      ws: machine.ws,
      identityFiles: machine.identityFiles,
      authority: machine.authority,
      systemBundles: machine.systemBundles,
      system: machine.system,
    },
    limits,
  );
  const user = machine.isRoot ? { uid: 65_534, gid: 65_534 } : undefined;
  const jail = launchJail({ profile, command: ["/bin/true"], limits, user });
  const complaint = keepTail(jail.stderr, 500);
  jail.stdout.resume();
  const { code } = await jail.ended;
  return code === 0 ? undefined : complaint().trim() || `exit code ${code}`;
};

/** Names a state folder among those of the machine. */
export const stateName = (state: string): string =>
  `threadbox-${createHash("sha256").update(path.resolve(state)).digest("hex").slice(0, 12)}`;

/** What every engine needs of the machine. */
export const commonMachine = async (
  state: string,
): Promise<
  Pick<LocalMachine, "node" | "ws" | "identityFiles" | "authority" | "isRoot" | "idMap" | "controlGroupName">
> => {
  const identity = path.join(state, "identity");
  await fs.mkdir(identity, { recursive: true, mode: 0o755 });
  for (const [name, text] of Object.entries(identityFiles(inside.uid, inside.home))) {
    await fs.writeFile(path.join(identity, name), text, { mode: 0o644 });
  }
  return {
    node: process.execPath,
    ws: path.dirname(fileURLToPath(import.meta.resolve("ws/package.json"))),
    identityFiles: identity,
    authority: await openAuthority(state, Date.now()),
    isRoot: process.geteuid?.() === 0,
    // Without such a file every id has a meaning.
    idMap: await fs.readFile("/proc/self/uid_map", "utf8").catch(() => "0 0 4294967295"),
    controlGroupName: stateName(state),
  };
};

/** Looks the machine over. The folder is made if it is missing. */
export const findLocalMachine = async (
  state: string,
  limits: SandboxLimits,
): Promise<LocalMachine | MachineRefusal> => {
  if (process.platform !== "linux" || !isMachine(process.arch)) {
    return { refusal: `Sandboxes need Linux on x64 or arm64; this is ${process.platform} on ${process.arch}.` };
  }
  if (!(await isOnPath("bwrap"))) {
    return { refusal: "bubblewrap is not installed: apt-get install bubblewrap" };
  }
  for (const program of ["setpriv", "prlimit", "unshare", "nsenter", "mount"]) {
    if (!(await isOnPath(program))) return { refusal: `${program} is not installed: apt-get install util-linux mount` };
  }
  if (!(await isOnPath("perl"))) return { refusal: "perl is not installed: apt-get install perl" };
  const openCode = await findOpenCode();
  if (openCode === undefined) return { refusal: "opencode-ai is not installed: npm install" };

  const probe = path.join(state, "probe");
  await fs.mkdir(probe, { recursive: true });
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) await fs.mkdir(stageDirectory, { recursive: true, mode: 0o755 });
  const machine: LocalMachine = {
    ...(await commonMachine(state)),
    launch: launchJail,
    canJail: true,
    openCode,
    system: await findSystemMounts(),
    systemBundles: await findSystemBundles(),
    controlGroups: await findControlGroupRoots(),
    disks: await findDiskSupport(probe, isRoot),
    hasRestic: await isOnPath("restic"),
  };
  const complaint = await tryJail(machine, limits, probe);
  if (complaint !== undefined) {
    return { refusal: `bubblewrap cannot make a sandbox on this machine (${complaint}).` };
  }
  return machine;
};
