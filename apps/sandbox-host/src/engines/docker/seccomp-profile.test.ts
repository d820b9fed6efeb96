import { describe, expect, test } from "vitest";
import { jailSyscalls } from "../local/syscall-filter.ts";
import { type SeccompProfile, seccompProfile } from "./seccomp-profile.ts";

const low = 0xffffffffn;

/** What the kernel would do, by the meaning that seccomp gives to each comparison. */
const verdict = ({ syscalls }: SeccompProfile, name: string, args: readonly bigint[] = []): number => {
  const matching = syscalls.find(
    (rule) =>
      rule.names.includes(name) &&
      (rule.args ?? []).every(({ index, value, valueTwo = 0, op }) => {
        const given = args[index] ?? 0n;
        return op === "SCMP_CMP_GE" ? given >= BigInt(value) : (given & BigInt(value)) === BigInt(valueTwo);
      }),
  );
  return matching?.errnoRet ?? 0;
};

describe("the jail's policy in Docker's words", () => {
  const profile = seccompProfile(jailSyscalls, "x64");
  const [eperm, enosys] = [1, 38];

  test("knows one architecture", () => {
    expect(profile.architectures).toEqual(["SCMP_ARCH_X86_64"]);
    expect(seccompProfile(jailSyscalls, "arm64").architectures).toEqual(["SCMP_ARCH_AARCH64"]);
  });

  test.each(jailSyscalls.denied)("denies %s", (name) => {
    expect(verdict(profile, name)).toBe(eperm);
  });

  test("lacks what can't be judged by its arguments, and allows what isn't named", () => {
    expect(verdict(profile, "clone3")).toBe(enosys);
    expect(verdict(profile, "openat")).toBe(0);
  });

  test("denies each flag of clone that makes a namespace, alone and beside others, and no other flag", () => {
    for (let bit = 0n; bit < 32n; bit += 1n) {
      const flag = 1n << bit;
      const isDenied = (BigInt(jailSyscalls.deniedCloneFlags) & flag) !== 0n;
      expect([bit, verdict(profile, "clone", [flag | 0x11n])]).toEqual([bit, isDenied ? eperm : 0]);
    }
  });

  test("denies every family of sockets but those that are allowed, whatever the high half says", () => {
    for (let family = 0n; family < 60n; family += 1n) {
      const isAllowed = jailSyscalls.allowedSocketFamilies.includes(Number(family));
      expect([family, verdict(profile, "socket", [family, 1n, 0n])]).toEqual([family, isAllowed ? 0 : eperm]);
      expect(verdict(profile, "socket", [family | (low + 1n), 1n, 0n])).toBe(eperm);
    }
  });

  test("denies the protocols that no limit counts", () => {
    expect(verdict(profile, "socket", [2n, 1n, 262n])).toBe(eperm);
    expect(verdict(profile, "socket", [16n, 3n, 0n])).toBe(0);
    for (const protocol of [1n, 2n, 9n, 20n]) expect(verdict(profile, "socket", [16n, 3n, protocol])).toBe(eperm);
  });

  test("denies what types into a terminal, also with a high bit that the kernel ignores", () => {
    for (const request of jailSyscalls.deniedIoctls) {
      expect(verdict(profile, "ioctl", [0n, BigInt(request)])).toBe(eperm);
      expect(verdict(profile, "ioctl", [0n, BigInt(request) | (low + 1n)])).toBe(eperm);
    }
    expect(verdict(profile, "ioctl", [0n, 0x5401n])).toBe(0);
  });
});
