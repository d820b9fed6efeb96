import type { JailProfile, Mount } from "../engines/local/profile.ts";
import { jailSyscalls } from "../engines/local/syscall-filter.ts";
import { inSnapshots } from "./restic.ts";

/** Host paths that the jail of a save or of a restore sees. */
export interface SnapshotSources {
  /** Absent where nothing but what was saved is looked at. */
  readonly workspace?: string;
  readonly home?: string;
  readonly node: string;
  /** Folder of the programs in `inside/`. */
  readonly programs: string;
  readonly system: readonly Mount[];
  /** Absent where the sandbox's own files are read as data, a database of theirs: what reads them gets no further. */
  readonly repository?: string;
}

/** `read`: the sandbox's files stay as they are. */
export type SnapshotAccess = "read" | "write";

const inMemory = { kind: "tmpfs", bytes: 64 * 1024 * 1024, files: 4096 } as const;

/**
 * A sandbox may lay links and change folders while its files are saved, so whatever walks them is shut in with nothing
 * else: no network, no `/proc`, no other sandbox. It may look into folders that their owner has closed.
 */
export const snapshotProfile = (sources: SnapshotSources, access: SnapshotAccess): JailProfile => ({
  name: "snapshots",
  namespaces: ["user", "ipc", "pid", "net", "uts", "cgroup"],
  identity: { uid: 1000, gid: 1000 },
  hostname: "snapshots",
  canNestUserNamespaces: false,
  keepsCapabilities: false,
  hasLowPorts: false,
  capabilities: access === "write" ? ["CAP_DAC_OVERRIDE", "CAP_FOWNER"] : ["CAP_DAC_READ_SEARCH"],
  keepsTerminal: false,
  keepsEnvironment: false,
  diesWithParent: true,
  mounts: [
    ...sources.system,
    { kind: "dev", to: "/dev" },
    { ...inMemory, to: "/tmp" },
    { kind: "roBind", from: sources.node, to: inSnapshots.node },
    { kind: "roBind", from: sources.programs, to: inSnapshots.programs },
    ...(["workspace", "home"] as const).flatMap((disk): readonly Mount[] => {
      const from = sources[disk];
      return from === undefined ? [] : [{ kind: access === "write" ? "bind" : "roBind", from, to: inSnapshots[disk] }];
    }),
    ...(sources.repository === undefined
      ? []
      : [{ kind: "bind", from: sources.repository, to: inSnapshots.repository } as const]),
  ],
  environment: {
    PATH: "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
    HOME: "/tmp",
    LANG: "C.UTF-8",
    TZ: "UTC",
    GOMAXPROCS: "1",
    GOMEMLIMIT: "384MiB",
    RESTIC_REPOSITORY: inSnapshots.repository,
  },
  workingDirectory: "/",
  syscalls: jailSyscalls,
  isLimited: true,
});
