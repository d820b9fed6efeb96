import { agentShell, openCodeFlags } from "@threadbox/contracts/opencode";
import type { SandboxLimits } from "../../config.ts";
import { type Authority, authorityFiles } from "../../egress/authority.ts";
import { jailSyscalls, type SyscallPolicy } from "./syscall-filter.ts";

export type Mount =
  | { readonly kind: "bind" | "roBind" | "devBind"; readonly from: string; readonly to: string }
  /**
   * A folder as it is, in front of which everything can be written and is lost with the jail. Only a root host has it.
   * `seen`: where the folder itself and what was written lie apart from each other, to be read.
   */
  | {
      readonly kind: "overlay";
      readonly from: string;
      readonly to: string;
      readonly bytes: number;
      readonly files: number;
      readonly seen?: { readonly lower: string; readonly upper: string };
    }
  | { readonly kind: "symlink"; readonly target: string; readonly to: string }
  | { readonly kind: "tmpfs"; readonly to: string; readonly bytes: number; readonly files: number }
  | { readonly kind: "proc" | "dev" | "directory" | "remountReadOnly"; readonly to: string };

/** A jail as data. Every protection is a field, so that leaving one out is visible and testable. */
export interface JailProfile {
  readonly name: string;
  readonly namespaces: readonly ("user" | "ipc" | "pid" | "net" | "uts" | "cgroup")[];
  /** Who programs are inside. */
  readonly identity: { readonly uid: number; readonly gid: number } | undefined;
  readonly hostname: string | undefined;
  readonly canNestUserNamespaces: boolean;
  readonly keepsCapabilities: boolean;
  /** Held all the same, in the jail's own user namespace: they count for files of the jail's user alone. */
  readonly capabilities?: readonly string[];
  /**
   * Whether programs inside may listen on ports below 1024 of their own loopback, where a root host can give them that: names
   * lead there.
   */
  readonly hasLowPorts: boolean;
  readonly keepsTerminal: boolean;
  readonly keepsEnvironment: boolean;
  readonly diesWithParent: boolean;
  /** In order: later ones cover earlier ones. */
  readonly mounts: readonly Mount[];
  readonly environment: Readonly<Record<string, string>>;
  readonly workingDirectory: string;
  readonly syscalls: SyscallPolicy | undefined;
  /** False: the host's own user, and no control group. */
  readonly isLimited: boolean;
}

/** Where things are inside every sandbox. */
export const inside = {
  workspace: "/workspace",
  home: "/home/agent",
  programs: "/opt/threadbox/bin",
  supervisor: "/opt/threadbox/supervisor",
  /** Where the supervisor's programs find the package that they need. */
  packages: "/opt/threadbox/node_modules",
  agentShell,
  certificates: "/opt/threadbox/certificates",
  egressSocket: "/run/threadbox/egress.sock",
  controlDirectory: "/run/threadbox/control",
  controlSocket: "/run/threadbox/control/control.sock",
  /** Name of a socket in the sandbox's own network, without a file. */
  secretsAgent: "threadbox-secrets",
  /** Of user and group. */
  uid: 1000,
} as const;

/** Host paths that a sandbox sees. */
export interface JailSources {
  readonly workspace: string;
  readonly home: string;
  readonly controlDirectory: string;
  readonly egressSocket: string;
  readonly node: string;
  readonly openCode: string;
  /** Folder of the supervisor's own files. */
  readonly supervisor: string;
  /** Folder of the package `ws`. */
  readonly ws: string;
  /** Folder with passwd, group, hosts, nsswitch.conf and resolv.conf. */
  readonly identityFiles: string;
  readonly authority: Pick<Authority, "publicFolder">;
  /** Files that a program may read certificates from, whatever its environment says. */
  readonly systemBundles: readonly string[];
  /** The machine's system folders as it has them: `/usr`, `/bin` → `usr/bin`, `/etc/ssl` and the like. */
  readonly system: readonly Mount[];
}

/** A file in memory takes a page, and an empty one room in the kernel. */
const bytesPerFile = 4096;

export const jailProfile = (sources: JailSources, limits: SandboxLimits): JailProfile => {
  const bytes = limits.tmpfsMib * 1024 * 1024;
  const inMemory = { kind: "tmpfs", bytes, files: Math.floor(bytes / bytesPerFile) } as const;
  return {
    name: "threadbox",
    namespaces: ["user", "ipc", "pid", "net", "uts", "cgroup"],
    identity: { uid: inside.uid, gid: inside.uid },
    hostname: "sandbox",
    canNestUserNamespaces: false,
    keepsCapabilities: false,
    hasLowPorts: true,
    keepsTerminal: false,
    keepsEnvironment: false,
    diesWithParent: true,
    mounts: [
      ...sources.system,
      ...["passwd", "group", "hosts", "nsswitch.conf", "resolv.conf"].map(
        (file): Mount => ({ kind: "roBind", from: `${sources.identityFiles}/${file}`, to: `/etc/${file}` }),
      ),
      ...sources.systemBundles.map(
        (to): Mount => ({ kind: "roBind", from: `${sources.authority.publicFolder}/${authorityFiles.bundle}`, to }),
      ),
      { kind: "proc", to: "/proc" },
      { kind: "dev", to: "/dev" },
      { ...inMemory, to: "/dev/shm" },
      { ...inMemory, to: "/tmp" },
      { kind: "symlink", target: "/tmp", to: "/var/tmp" },
      { kind: "roBind", from: sources.node, to: `${inside.programs}/node` },
      { kind: "roBind", from: sources.openCode, to: `${inside.programs}/opencode` },
      { kind: "roBind", from: sources.supervisor, to: inside.supervisor },
      { kind: "roBind", from: sources.ws, to: `${inside.packages}/ws` },
      ...["get-secret", "start-gateway"].flatMap((program) =>
        [`${inside.programs}/${program}`, `/root/.openclaw/scripts/${program}.sh`].map(
          (to): Mount => ({ kind: "symlink", target: `${inside.supervisor}/shell/${program}`, to }),
        ),
      ),
      { kind: "roBind", from: sources.authority.publicFolder, to: inside.certificates },
      { kind: "roBind", from: sources.egressSocket, to: inside.egressSocket },
      { kind: "bind", from: sources.controlDirectory, to: inside.controlDirectory },
      { kind: "bind", from: sources.home, to: inside.home },
      { kind: "bind", from: sources.workspace, to: inside.workspace },
      // Both are tmpfs of bubblewrap's own without a size: read-only, so that nothing fills them.
      { kind: "remountReadOnly", to: "/dev" },
      { kind: "remountReadOnly", to: "/" },
    ],
    environment: jailEnvironment,
    workingDirectory: inside.workspace,
    syscalls: jailSyscalls,
    isLimited: true,
  };
};

/** Where a trial finds what there was and what has been written, apart from each other. */
export const trialFolders = { lower: "/opt/threadbox/lower", upper: "/opt/threadbox/upper" } as const;

const trialBytesMax = 256 * 1024 * 1024;

/**
 * The same jail for a program of which only the traces are wanted: workspace and home are as in the sandbox, what is written
 * to them is lost, and there is no way out at all.
 */
export const trialProfile = (sources: JailSources, limits: SandboxLimits): JailProfile => {
  const profile = jailProfile(sources, limits);
  const copy = { kind: "overlay", bytes: trialBytesMax, files: trialBytesMax / bytesPerFile } as const;
  const mounts = profile.mounts.flatMap((mount): readonly Mount[] => {
    if (!("to" in mount)) return [mount];
    if (mount.to === inside.egressSocket || mount.to === inside.controlDirectory) return [];
    if (mount.to === inside.home) return [{ ...copy, from: sources.home, to: inside.home }];
    if (mount.to === inside.workspace)
      return [{ ...copy, from: sources.workspace, to: inside.workspace, seen: trialFolders }];
    return [mount];
  });
  return { ...profile, name: "trial", hasLowPorts: false, mounts };
};

const egressProxy = "http://127.0.0.1:8787";

const bundle = `${inside.certificates}/${authorityFiles.bundle}`;

/** What every program inside starts with. OpenCode gets its password and configuration besides. */
export const jailEnvironment: Readonly<Record<string, string>> = {
  PATH: `${inside.programs}:/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin`,
  HOME: inside.home,
  USER: "agent",
  LOGNAME: "agent",
  SHELL: "/bin/bash",
  LANG: "C.UTF-8",
  TERM: "xterm-256color",
  TMPDIR: "/tmp",
  SECRETS_AGENT: inside.secretsAgent,
  // Programs that know the worker by its address in a container's network: the proxy below takes that for itself.
  WORKER_PORT: new URL(egressProxy).port,
  HTTP_PROXY: egressProxy,
  HTTPS_PROXY: egressProxy,
  http_proxy: egressProxy,
  https_proxy: egressProxy,
  // Node's own requests look at these variables only when they are told to.
  NODE_USE_ENV_PROXY: "1",
  NODE_EXTRA_CA_CERTS: `${inside.certificates}/${authorityFiles.certificate}`,
  SSL_CERT_FILE: bundle,
  CURL_CA_BUNDLE: bundle,
  REQUESTS_CA_BUNDLE: bundle,
  GIT_SSL_CAINFO: bundle,
  PIP_CERT: bundle,
  CARGO_HTTP_CAINFO: bundle,
  JAVA_TOOL_OPTIONS: `-Djavax.net.ssl.trustStore=${inside.certificates}/${authorityFiles.java} -Djavax.net.ssl.trustStoreType=JKS`,
  NO_PROXY: "127.0.0.1,localhost,::1",
  no_proxy: "127.0.0.1,localhost,::1",
  // A cloned repository decides nothing: its hooks, its fsmonitor and unusual transports stay off.
  GIT_CONFIG_COUNT: "4",
  GIT_CONFIG_KEY_0: "core.hooksPath",
  GIT_CONFIG_VALUE_0: "/dev/null",
  GIT_CONFIG_KEY_1: "core.fsmonitor",
  GIT_CONFIG_VALUE_1: "false",
  GIT_CONFIG_KEY_2: "safe.directory",
  GIT_CONFIG_VALUE_2: "*",
  GIT_CONFIG_KEY_3: "protocol.ext.allow",
  GIT_CONFIG_VALUE_3: "never",
  GIT_TERMINAL_PROMPT: "0",
  // Neither does its OpenCode configuration, whoever starts OpenCode; and OpenCode asks nobody but the model.
  ...openCodeFlags,
};

/** bubblewrap with nothing but a file tree: what the escape suite must see fail. */
export const naiveProfile = (workspace: string): JailProfile => ({
  name: "naive",
  namespaces: [],
  identity: undefined,
  hostname: undefined,
  canNestUserNamespaces: true,
  keepsCapabilities: true,
  hasLowPorts: false,
  keepsTerminal: true,
  keepsEnvironment: true,
  diesWithParent: true,
  mounts: [
    { kind: "roBind", from: "/", to: "/" },
    { kind: "devBind", from: "/dev", to: "/dev" },
    { kind: "proc", to: "/proc" },
    { kind: "tmpfs", to: "/tmp", bytes: 0, files: 0 },
    { kind: "bind", from: workspace, to: "/mnt" },
  ],
  environment: {},
  workingDirectory: "/mnt",
  syscalls: undefined,
  isLimited: false,
});
