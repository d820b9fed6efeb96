import { spawn } from "node:child_process";
import * as os from "node:os";
import type { Readable, Writable } from "node:stream";
import type { SandboxLimits } from "../../config.ts";
import { bubblewrapArguments, encodeArguments } from "./bubblewrap-arguments.ts";
import { hostProgramFolders } from "./host-program.ts";
import type { HostUser } from "./host-user.ts";
import type { JailProfile, Mount } from "./profile.ts";
import { compileFilter } from "./syscall-filter.ts";
import { isMachine } from "./syscalls.ts";

export interface LaunchOptions {
  readonly profile: JailProfile;
  /** Program and arguments inside the jail. */
  readonly command: readonly [string, ...string[]];
  readonly limits: SandboxLimits;
  /** Only a host that runs as root can give the jail another user than its own. */
  readonly user?: HostUser | undefined;
  /** Mount namespace in which the profile's sources are found; see `ImageMounts`. Only with a user. */
  readonly namespace?: string | undefined;
  /** Files of control groups to join; see `ControlGroup.joinFiles`. */
  readonly joinFiles?: readonly string[];
}

export interface Jail {
  /** Of the outermost process; absent where there is none, or none that this process sees. */
  readonly pid?: number | undefined;
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Settles when it has ended, and with it every process inside. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  /** Kills its first process; the kernel then kills the whole pid namespace. */
  kill(): void;
}

const fd = { arguments: 3, filter: 4 } as const;

/**
 * Where a root host binds the sources of a jail before it becomes the jail's user, who may not be able to reach them
 * (a checkout below `/root`). The mounts live in a mount namespace of that one launch and vanish with it.
 */
export const stageDirectory = "/run/threadbox-stage";

/** Joins the control groups (`0` stands for the writing process itself) and stands first when memory runs out. */
const joinGroups = 'while [ "$1" != -- ]; do echo 0 >"$1"; shift; done; shift; echo 500 >/proc/self/oom_score_adj';
const stageSources =
  'mount -t tmpfs -o mode=0755,size=1m threadbox "$1"; cd "$1"; shift; ' +
  'while [ "$1" != -- ]; do case "$1" in ' +
  '/*) if [ -d "$1" ]; then mkdir "$2"; else : >"$2"; fi; mount --bind "$1" "$2";; ' +
  'overlay) mkdir "$2" "$2.low" "$2.rw"; mount --bind "$4" "$2.low"; ' +
  'mount -t tmpfs -o "$3" threadbox "$2.rw"; mkdir "$2.rw/upper" "$2.rw/work"; ' +
  'chown --reference="$2.low" "$2.rw/upper"; chmod --reference="$2.low" "$2.rw/upper"; ' +
  'mount -t overlay -o "nosuid,nodev,lowerdir=$PWD/$2.low,upperdir=$PWD/$2.rw/upper,workdir=$PWD/$2.rw/work" threadbox "$2"; shift 2;; ' +
  '*) mkdir "$2"; mount -t tmpfs -o "$1" threadbox "$2";; ' +
  "esac; shift 2; done; shift; cd /";

/**
 * Lets everybody in a network namespace listen on every port of it, and opens its loopback. bubblewrap, which makes such a
 * namespace otherwise, can't say the first; where the machine can't either, names lead nowhere.
 */
const openNetwork =
  "{ echo 0 >/proc/sys/net/ipv4/ip_unprivileged_port_start; } 2>/dev/null || :; " +
  `perl -e 'socket(my $socket, 2, 2, 0) or die; my $up = pack("a16 s x22", "lo", 0x49); ioctl($socket, 0x8914, $up) or die'`;

const makesNetwork = ({ hasLowPorts, namespaces }: JailProfile, user: HostUser | undefined): boolean =>
  hasLowPorts && user !== undefined && namespaces.includes("net");

type Bind = Extract<Mount, { readonly kind: "bind" | "roBind" | "devBind" }>;
const isBind = (mount: Mount): mount is Bind => "from" in mount && mount.kind !== "overlay";

/** Sources below folders that only root may enter would be out of reach; system folders never are. */
const needsStage = (mount: Bind): boolean => !/^\/(usr|etc|bin|sbin|lib[^/]*|dev)?(\/|$)/.test(mount.from);

/** The options of a file system in memory; bubblewrap cannot limit the files in one. */
const memoryOptions = (mode: string, { bytes, files }: { readonly bytes: number; readonly files: number }): string =>
  `mode=${mode},nosuid,nodev,size=${bytes},nr_inodes=${files}`;

/** What is staged under a name: a source, a file system in memory, or one of these in front of a source. */
const stageSource = (mount: Mount, name: string): readonly string[] | undefined => {
  if (mount.kind === "tmpfs" && mount.files > 0) return [memoryOptions("1777", mount), name];
  if (mount.kind === "overlay") return ["overlay", name, memoryOptions("0755", mount), mount.from];
  return isBind(mount) && needsStage(mount) ? [mount.from, name] : undefined;
};

const staged = (profile: JailProfile): { readonly profile: JailProfile; readonly words: readonly string[] } => {
  const words: string[] = [];
  let count = 0;
  const mounts = profile.mounts.flatMap((mount): readonly Mount[] => {
    const source = stageSource(mount, String(count));
    if (source === undefined) return [mount];
    const from = `${stageDirectory}/${count}`;
    words.push(...source);
    count += 1;
    if (isBind(mount)) return [{ ...mount, from }];
    const apart: readonly Mount[] =
      mount.kind !== "overlay" || mount.seen === undefined
        ? []
        : [
            { kind: "roBind", from: `${from}.low`, to: mount.seen.lower },
            { kind: "roBind", from: `${from}.rw/upper`, to: mount.seen.upper },
          ];
    return [{ kind: "bind", from, to: mount.to }, ...apart];
  });
  return { profile: { ...profile, mounts }, words };
};

/** Since Linux 5.14 processes are counted per user namespace, and the limit on them holds for one jail alone. */
const countsProcessesPerNamespace = ([major = 0, minor = 0]: readonly number[]): boolean =>
  major > 5 || (major === 5 && minor >= 14);

/** Where there is no control group, the number of processes is limited from inside, before the first program. */
const insideCommand = ({ profile, command, limits, joinFiles = [] }: LaunchOptions): readonly string[] =>
  profile.isLimited && joinFiles.length === 0 && countsProcessesPerNamespace(os.release().split(".").map(Number))
    ? ["prlimit", `--nproc=${limits.pids}`, "--", ...command]
    : command;

/** The program that ends as bubblewrap, by way of small steps that each `exec` the next. */
const hostCommand = (options: LaunchOptions, stage: readonly string[]): readonly [string, ...string[]] => {
  const { limits, user, namespace, joinFiles = [] } = options;
  const bubblewrap = ["bwrap", "--args", String(fd.arguments), "--", ...insideCommand(options)];
  const bounded = options.profile.isLimited
    ? ["prlimit", "--core=0", `--fsize=${limits.fileMib * 1024 * 1024}`, "--", ...bubblewrap]
    : bubblewrap;
  if (user === undefined) {
    return ["/bin/sh", "-euc", `${joinGroups}; exec "$@"`, "sh", ...joinFiles, "--", ...bounded];
  }
  const asUser = ["setpriv", `--reuid=${user.uid}`, `--regid=${user.gid}`, "--clear-groups", "--no-new-privs", "--"];
  const hasNetwork = makesNetwork(options.profile, user);
  const script = `${joinGroups}; ${stageSources}; ${hasNetwork ? `${openNetwork}; ` : ""}exec "$@"`;
  const launch = [
    ...["unshare", "--mount", ...(hasNetwork ? ["--net"] : []), "--"],
    ...["/bin/sh", "-euc", script, "sh", ...joinFiles, "--", stageDirectory, ...stage, "--", ...asUser, ...bounded],
  ] as const;
  return namespace === undefined ? launch : ["nsenter", `--mount=${namespace}`, "--", ...launch];
};

/** Starts a jail. The caller owns the child's streams and must consume them. */
export const launchJail = (options: LaunchOptions): Jail => {
  if (options.profile.syscalls && !isMachine(process.arch)) {
    throw new Error(`No system call filter is known for ${process.arch}.`);
  }
  const { profile, words } =
    options.user === undefined ? { profile: options.profile, words: [] } : staged(options.profile);
  const [program, ...argv] = hostCommand(options, words);
  const child = spawn(program, argv, {
    // bubblewrap's first process keeps this in /proc/1/environ, so it holds nothing but the search path.
    env: options.profile.keepsEnvironment ? undefined : { PATH: hostProgramFolders.join(":") },
    cwd: "/",
    stdio: ["pipe", "pipe", "pipe", "pipe", "pipe"],
  });
  const [stdin, stdout, stderr, argumentsPipe, filterPipe] = child.stdio;
  if (!stdin || !stdout || !stderr || !isWritable(argumentsPipe) || !isWritable(filterPipe)) {
    throw new Error("The jail has no pipes.");
  }
  for (const pipe of [stdin, argumentsPipe, filterPipe]) {
    // The reader may be gone already; `ended` tells.
    pipe.on("error", () => {});
  }
  const filter =
    profile.syscalls && isMachine(process.arch) ? compileFilter(profile.syscalls, process.arch) : undefined;
  const namespaces = makesNetwork(profile, options.user)
    ? profile.namespaces.filter((namespace) => namespace !== "net")
    : profile.namespaces;
  argumentsPipe.end(encodeArguments(bubblewrapArguments({ ...profile, namespaces }, filter ? fd.filter : undefined)));
  filterPipe.end(filter);
  return {
    pid: child.pid,
    stdin,
    stdout,
    stderr,
    ended: new Promise((resolve) => {
      child.once("error", () => resolve({ code: null, signal: null }));
      child.once("close", (code, signal) => resolve({ code, signal }));
    }),
    kill: () => {
      child.kill("SIGKILL");
    },
  };
};

const isWritable = (stream: unknown): stream is Writable =>
  typeof stream === "object" && stream !== null && "write" in stream && "end" in stream;
