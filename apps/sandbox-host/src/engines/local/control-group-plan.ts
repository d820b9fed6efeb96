import * as path from "node:path";
import type { SandboxLimits } from "../../config.ts";

/** Where control groups for sandboxes may be made, one folder per hierarchy. */
export type ControlGroupRoots =
  | {
      readonly version: 1;
      readonly memory: string;
      readonly pids: string;
      readonly cpu: string | undefined;
      readonly freezer?: string | undefined;
    }
  | { readonly version: 2; readonly unified: string };

export interface LimitWrite {
  readonly file: string;
  readonly value: string;
  /** Optional ones are missing on some kernels and weaken nothing that is promised. */
  readonly isOptional?: boolean;
}

/** Folders to make for one sandbox, outermost first, each with what to write into it. */
export interface ControlGroupPlan {
  readonly folders: readonly { readonly path: string; readonly writes: readonly LimitWrite[] }[];
  /** The folders that processes join and that must be empty at the end. */
  readonly leaves: readonly string[];
  /** Holds the line `oom_kill N`. */
  readonly oomFile: string;
  /** What is written where to stop all processes in the group, and to let them go on; absent where the machine can't. */
  readonly freezer?: {
    readonly folder: string;
    readonly file: string;
    readonly frozen: string;
    readonly thawed: string;
  };
}

/** Each version's own, by the file's name. */
export const freezerFiles = {
  "freezer.state": { frozen: "FROZEN", thawed: "THAWED" },
  "cgroup.freeze": { frozen: "1", thawed: "0" },
} as const;

const freezerIn = (folder: string, file: keyof typeof freezerFiles) => ({ folder, file, ...freezerFiles[file] });

const cpuPeriodUs = 100_000;
/** What sockets may buffer, as a part of the memory: version 1 counts it apart, version 2 with everything else. */
export const socketMemoryShare = 1 / 8;

/** `group` names all sandboxes of this host process's state folder, `name` one of them. */
export const planControlGroup = (
  roots: ControlGroupRoots,
  group: string,
  name: string,
  limits: SandboxLimits,
): ControlGroupPlan => {
  const memoryBytes = String(limits.memoryMib * 1024 * 1024);
  if (roots.version === 2) {
    const parent = path.join(roots.unified, group);
    const leaf = path.join(parent, name);
    const enable: LimitWrite = { file: "cgroup.subtree_control", value: "+memory +pids +cpu", isOptional: true };
    return {
      folders: [
        { path: roots.unified, writes: [enable] },
        { path: parent, writes: [enable] },
        {
          path: leaf,
          writes: [
            { file: "memory.max", value: memoryBytes },
            { file: "memory.swap.max", value: "0", isOptional: true },
            { file: "pids.max", value: String(limits.pids) },
            { file: "cpu.max", value: `${limits.cpus * cpuPeriodUs} ${cpuPeriodUs}`, isOptional: true },
          ],
        },
      ],
      leaves: [leaf],
      oomFile: path.join(leaf, "memory.events"),
      freezer: freezerIn(leaf, "cgroup.freeze"),
    };
  }
  const leafOf = (root: string) => path.join(root, group, name);
  const folder = (root: string, writes: readonly LimitWrite[]) => [
    { path: path.join(root, group), writes: [] },
    { path: leafOf(root), writes },
  ];
  return {
    folders: [
      ...folder(roots.memory, [
        { file: "memory.limit_in_bytes", value: memoryBytes },
        { file: "memory.memsw.limit_in_bytes", value: memoryBytes, isOptional: true },
        {
          file: "memory.kmem.tcp.limit_in_bytes",
          value: String(limits.memoryMib * 1024 * 1024 * socketMemoryShare),
          isOptional: true,
        },
      ]),
      ...folder(roots.pids, [{ file: "pids.max", value: String(limits.pids) }]),
      ...(roots.cpu === undefined
        ? []
        : folder(roots.cpu, [
            { file: "cpu.cfs_period_us", value: String(cpuPeriodUs), isOptional: true },
            { file: "cpu.cfs_quota_us", value: String(limits.cpus * cpuPeriodUs), isOptional: true },
          ])),
      ...(roots.freezer === undefined ? [] : folder(roots.freezer, [])),
    ],
    leaves: [roots.memory, roots.pids, roots.cpu, roots.freezer].filter((root) => root !== undefined).map(leafOf),
    oomFile: path.join(leafOf(roots.memory), "memory.oom_control"),
    ...(roots.freezer === undefined ? {} : { freezer: freezerIn(leafOf(roots.freezer), "freezer.state") }),
  };
};

/** The mounts and memberships that `/proc/self/mountinfo` and `/proc/self/cgroup` tell of; pure. */
export const parseControlGroupRoots = (
  mountinfo: string,
  membership: string,
): { readonly unified?: string; readonly controllers: ReadonlyMap<string, { mount: string; own: string }> } => {
  const own = new Map<string, string>();
  for (const line of membership.split("\n")) {
    const [, controllers, at] = line.match(/^\d+:([^:]*):(.*)$/) ?? [];
    if (controllers === undefined || at === undefined) continue;
    for (const controller of controllers.split(",")) own.set(controller, at);
  }
  const controllers = new Map<string, { mount: string; own: string }>();
  let unified: string | undefined;
  for (const line of mountinfo.split("\n")) {
    const [left, right] = line.split(" - ");
    const mount = left?.split(" ")[4];
    const [type, , options] = right?.split(" ") ?? [];
    if (mount === undefined) continue;
    if (type === "cgroup2") unified = mount;
    if (type !== "cgroup") continue;
    for (const option of options?.split(",") ?? []) {
      const at = own.get(option);
      if (at !== undefined) controllers.set(option, { mount, own: at });
    }
  }
  return { ...(unified === undefined ? {} : { unified }), controllers };
};
