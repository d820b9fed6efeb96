import { describe, expect, test } from "vitest";
import type { JailProfile } from "../local/profile.ts";
import { jailSyscalls } from "../local/syscall-filter.ts";
import { containerOptions } from "./container-options.ts";

const limits = { memoryMib: 512, pids: 64, cpus: 2, tmpfsMib: 16, fileMib: 32 };
const profile: JailProfile = {
  name: "test",
  namespaces: ["net"],
  identity: undefined,
  hostname: "sandbox",
  canNestUserNamespaces: false,
  keepsCapabilities: false,
  hasLowPorts: true,
  keepsTerminal: false,
  keepsEnvironment: false,
  diesWithParent: true,
  mounts: [
    { kind: "roBind", from: "/host/usr", to: "/usr/share/x" },
    { kind: "roBind", from: "/host/node", to: "/opt/threadbox/bin/node" },
    { kind: "bind", from: "/host/workspace", to: "/workspace" },
    { kind: "tmpfs", to: "/tmp", bytes: 1024, files: 8 },
    { kind: "remountReadOnly", to: "/" },
  ],
  environment: { HOME: "/home/agent" },
  workingDirectory: "/workspace",
  syscalls: jailSyscalls,
  isLimited: true,
};
const launch = {
  profile,
  command: ["node", "supervisor.ts"],
  limits,
  user: { uid: 7, gid: 8 },
  image: "image",
  state: "state",
  sandbox: "name",
} as const;

describe("a jail's profile as a container", () => {
  test("has no network, no capability, nothing to gain and nothing of the image to write to", () => {
    expect(containerOptions(launch).HostConfig).toMatchObject({
      NetworkMode: "none",
      ReadonlyRootfs: true,
      Privileged: false,
      CapDrop: ["ALL"],
      CapAdd: [],
      SecurityOpt: ["no-new-privileges", expect.stringMatching(/^seccomp=\{/)],
      IpcMode: "private",
      CgroupnsMode: "private",
    });
  });

  test("has the limits of the sandbox, and no more memory by way of swap", () => {
    expect(containerOptions(launch).HostConfig).toMatchObject({
      Memory: 512 * 1024 * 1024,
      MemorySwap: 512 * 1024 * 1024,
      PidsLimit: 64,
      CpuQuota: 200_000,
      CpuPeriod: 100_000,
      Ulimits: [
        { Name: "core", Soft: 0, Hard: 0 },
        { Name: "fsize", Soft: 32 * 1024 * 1024, Hard: 32 * 1024 * 1024 },
      ],
    });
  });

  test("binds what the profile binds, but what the image brings itself, and is nobody but the sandbox's user", () => {
    const { HostConfig, User } = containerOptions(launch);
    expect(HostConfig.Mounts?.map(({ Source, Target, ReadOnly }) => [Source, Target, ReadOnly])).toEqual([
      ["/host/usr", "/usr/share/x", true],
      ["/host/workspace", "/workspace", false],
    ]);
    expect(HostConfig.Tmpfs).toEqual({
      "/tmp": "rw,exec,nosuid,nodev,mode=1777,uid=7,gid=8,size=1024,nr_inodes=8",
    });
    expect(User).toBe("7:8");
  });

  test("keeps no log of what is printed, and ends its input with the host", () => {
    const { HostConfig, OpenStdin, StdinOnce, Tty } = containerOptions(launch);
    expect(HostConfig.LogConfig).toEqual({ Type: "none", Config: {} });
    expect({ OpenStdin, StdinOnce, Tty }).toEqual({ OpenStdin: true, StdinOnce: true, Tty: false });
  });

  test("becomes the sandbox's user with the one capability that it's to have, and can't have another again", () => {
    const given = { ...launch, profile: { ...profile, capabilities: ["CAP_DAC_READ_SEARCH"] } };
    const { Cmd, User, HostConfig } = containerOptions(given);
    expect(User).toBe("0:0");
    expect(HostConfig.CapAdd).toEqual(["CAP_DAC_READ_SEARCH", "CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP"]);
    expect(Cmd?.join(" ")).toBe(
      "setpriv --reuid=7 --regid=8 --clear-groups --inh-caps=-all,+dac_read_search --ambient-caps=-all,+dac_read_search " +
        "--bounding-set=-all,+dac_read_search --no-new-privs -- node supervisor.ts",
    );
  });

  test("is refused a folder with a layer in front of it, which a container can't be given", () => {
    const overlay = { kind: "overlay", from: "/a", to: "/b", bytes: 1, files: 1 } as const;
    expect(() => containerOptions({ ...launch, profile: { ...profile, mounts: [overlay] } })).toThrow("overlay");
  });
});
