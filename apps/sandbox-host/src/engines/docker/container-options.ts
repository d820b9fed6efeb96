import type Docker from "dockerode";
import type { HostUser } from "../local/host-user.ts";
import type { LaunchOptions } from "../local/launch.ts";
import { inside, type Mount } from "../local/profile.ts";
import { isMachine } from "../local/syscalls.ts";
import { seccompProfile } from "./seccomp-profile.ts";

/** Whose containers these are, for whoever cleans up after an earlier host process. */
export const labels = { state: "threadbox.state", sandbox: "threadbox.sandbox" } as const;

export interface ContainerLaunch extends Omit<LaunchOptions, "namespace" | "joinFiles"> {
  readonly image: string;
  /** Names this state folder among those of the machine. */
  readonly state: string;
  /** What is in it, as a label. */
  readonly sandbox: string;
  /** Control group above those of the containers; only where the engine itself makes control groups. */
  readonly controlGroup?: string | undefined;
}

/** The published types don't know of the namespace of control groups. */
type HostConfig = Docker.HostConfig & { readonly CgroupnsMode: "private" };

const mib = 1024 * 1024;
/** Stands first when memory runs out. */
const oomScoreAdj = 500;
const cpuPeriodUs = 100_000;

/** What the image brings: a container has them without a mount. */
const ofTheImage: ReadonlySet<string> = new Set([`${inside.programs}/node`, `${inside.programs}/opencode`]);

const bindOf = (mount: Mount): readonly Docker.MountSettings[] => {
  if (mount.kind !== "bind" && mount.kind !== "roBind") return [];
  if (ofTheImage.has(mount.to)) return [];
  return [
    {
      Type: "bind",
      Source: mount.from,
      Target: mount.to,
      ReadOnly: mount.kind === "roBind",
      BindOptions: { Propagation: "rprivate" },
    },
  ];
};

/** Programs are never root inside: without a user of the sandbox's own they are who the host is. */
const userOf = ({ user }: Pick<LaunchOptions, "user">): HostUser =>
  user ?? { uid: process.getuid?.() ?? inside.uid, gid: process.getgid?.() ?? inside.uid };

const memoryOf = (mount: Mount, { uid, gid }: HostUser): readonly (readonly [string, string])[] =>
  mount.kind === "tmpfs" && mount.files > 0
    ? [[mount.to, `rw,exec,nosuid,nodev,mode=1777,uid=${uid},gid=${gid},size=${mount.bytes},nr_inodes=${mount.files}`]]
    : [];

/** What it takes to become somebody else and keep a capability. */
const becoming = ["CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP"] as const;

/**
 * A container gives capabilities to root alone. A program that is to have some begins as root, becomes the sandbox's user with
 * these and no other, and can't have another again.
 */
const withCapabilities = (capabilities: readonly string[], user: HostUser, command: LaunchOptions["command"]) => {
  if (capabilities.length === 0) return { User: `${user.uid}:${user.gid}`, Cmd: [...command], CapAdd: [] };
  const held = ["-all", ...capabilities.map((name) => `+${name.replace("CAP_", "").toLowerCase()}`)].join(",");
  const kept = ["inh-caps", "ambient-caps", "bounding-set"].map((set) => `--${set}=${held}`);
  const become = ["setpriv", `--reuid=${user.uid}`, `--regid=${user.gid}`, "--clear-groups", ...kept, "--no-new-privs"];
  return { User: "0:0", Cmd: [...become, "--", ...command], CapAdd: [...capabilities, ...becoming] };
};

/**
 * A jail's profile as a container: the same mounts, limits and system calls, no network but its own loopback, no capability, and
 * nothing that can be written but what is bound or lies in memory. Throws for what a container can't be given.
 */
export const containerOptions = (
  launch: ContainerLaunch,
): Docker.ContainerCreateOptions & { HostConfig: HostConfig } => {
  const { profile, command, limits, image } = launch;
  if (profile.mounts.some(({ kind }) => kind === "overlay")) throw new Error("A container is given no overlay.");
  if (!isMachine(process.arch)) throw new Error(`No system call filter is known for ${process.arch}.`);
  const user = userOf(launch);
  const { User, Cmd, CapAdd } = withCapabilities(profile.capabilities ?? [], user, command);
  const filter =
    profile.syscalls === undefined ? "unconfined" : JSON.stringify(seccompProfile(profile.syscalls, process.arch));
  return {
    Image: image,
    Labels: { [labels.state]: launch.state, [labels.sandbox]: launch.sandbox },
    // Process 1 ends with its program, and collects what that leaves behind.
    Entrypoint: ["/usr/bin/tini", "--"],
    Cmd,
    Env: Object.entries(profile.environment).map(([name, value]) => `${name}=${value}`),
    WorkingDir: profile.workingDirectory,
    User,
    ...(profile.hostname === undefined ? {} : { Hostname: profile.hostname }),
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    OpenStdin: true,
    // With the host's end of it the program's standard input ends, in whatever way the host ends.
    StdinOnce: true,
    Tty: false,
    StopTimeout: 0,
    HostConfig: {
      NetworkMode: "none",
      ReadonlyRootfs: true,
      Privileged: false,
      CapDrop: ["ALL"],
      CapAdd,
      SecurityOpt: ["no-new-privileges", `seccomp=${filter}`],
      IpcMode: "private",
      CgroupnsMode: "private",
      Memory: limits.memoryMib * mib,
      MemorySwap: limits.memoryMib * mib,
      PidsLimit: limits.pids,
      CpuPeriod: cpuPeriodUs,
      CpuQuota: limits.cpus * cpuPeriodUs,
      OomScoreAdj: oomScoreAdj,
      Ulimits: [
        { Name: "core", Soft: 0, Hard: 0 },
        { Name: "fsize", Soft: limits.fileMib * mib, Hard: limits.fileMib * mib },
      ],
      ...(profile.hasLowPorts ? { Sysctls: { "net.ipv4.ip_unprivileged_port_start": "0" } } : {}),
      Mounts: profile.mounts.flatMap(bindOf),
      Tmpfs: Object.fromEntries(profile.mounts.flatMap((mount) => memoryOf(mount, user))),
      ...(launch.controlGroup === undefined ? {} : { CgroupParent: launch.controlGroup }),
      // What programs print goes to the host alone; a log of it would fill the engine's disk.
      LogConfig: { Type: "none", Config: {} },
      AutoRemove: false,
    },
  };
};
