import { expect, test } from "vitest";
import { parseControlGroupRoots, planControlGroup } from "./control-group-plan.ts";

const limits = { memoryMib: 2, pids: 3, cpus: 2, tmpfsMib: 1, fileMib: 1 };

test("version 1 limits memory and processes in hierarchies of their own", () => {
  const plan = planControlGroup(
    { version: 1, memory: "/m", pids: "/p", cpu: undefined, freezer: "/f" },
    "host",
    "a",
    limits,
  );
  expect(plan.leaves).toEqual(["/m/host/a", "/p/host/a", "/f/host/a"]);
  expect(plan.freezer).toEqual({ folder: "/f/host/a", file: "freezer.state", frozen: "FROZEN", thawed: "THAWED" });
  expect(plan.folders).toContainEqual({
    path: "/m/host/a",
    writes: [
      { file: "memory.limit_in_bytes", value: "2097152" },
      { file: "memory.memsw.limit_in_bytes", value: "2097152", isOptional: true },
      { file: "memory.kmem.tcp.limit_in_bytes", value: "262144", isOptional: true },
    ],
  });
  expect(plan.folders).toContainEqual({ path: "/p/host/a", writes: [{ file: "pids.max", value: "3" }] });
  expect(plan.oomFile).toBe("/m/host/a/memory.oom_control");
});

test("version 2 limits everything in one folder, below one that passes the controllers on", () => {
  const plan = planControlGroup({ version: 2, unified: "/u" }, "host", "a", limits);
  expect(plan.leaves).toEqual(["/u/host/a"]);
  expect(plan.freezer).toEqual({ folder: "/u/host/a", file: "cgroup.freeze", frozen: "1", thawed: "0" });
  expect(plan.folders.map((folder) => folder.path)).toEqual(["/u", "/u/host", "/u/host/a"]);
  expect(plan.folders.at(-1)?.writes).toContainEqual({ file: "memory.max", value: "2097152" });
  expect(plan.folders.at(-1)?.writes).toContainEqual({ file: "pids.max", value: "3" });
  expect(plan.folders.at(-1)?.writes).toContainEqual({ file: "cpu.max", value: "200000 100000", isOptional: true });
});

test("controllers are found where they are mounted, with the process's own place in them", () => {
  const mountinfo = [
    "30 25 0:26 / /sys/fs/cgroup rw - tmpfs tmpfs rw",
    "31 30 0:27 / /sys/fs/cgroup/memory rw,relatime shared:5 - cgroup cgroup rw,memory",
    "32 30 0:28 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct",
    "33 30 0:29 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw",
  ].join("\n");
  const found = parseControlGroupRoots(mountinfo, "4:memory:/job/1\n2:cpu,cpuacct:/\n0::/user.slice\n");
  expect(found.unified).toBe("/sys/fs/cgroup/unified");
  expect(Object.fromEntries(found.controllers)).toEqual({
    memory: { mount: "/sys/fs/cgroup/memory", own: "/job/1" },
    cpu: { mount: "/sys/fs/cgroup/cpu,cpuacct", own: "/" },
    cpuacct: { mount: "/sys/fs/cgroup/cpu,cpuacct", own: "/" },
  });
});
