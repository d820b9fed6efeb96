import { describe, expect, test } from "vitest";
import type { Instruction } from "./bpf.ts";
import { compileFilter, filterProgram, jailSyscalls } from "./syscall-filter.ts";
import { auditArchitecture, type Machine, syscallNumber } from "./syscalls.ts";

const outcomes = new Map([
  [0x7fff0000, "allow"],
  [0x00050001, "EPERM"],
  [0x00050026, "ENOSYS"],
  [0x80000000, "kill"],
]);

interface Call {
  readonly architecture?: number;
  readonly number: number;
  readonly argv?: readonly bigint[];
}

/** Runs the assembled bytes the way the kernel does. */
const judge = (machine: Machine, call: Call): string => {
  const bytes = compileFilter(jailSyscalls, machine);
  const data = Buffer.alloc(64);
  data.writeUInt32LE(call.number >>> 0, 0);
  data.writeUInt32LE(call.architecture ?? auditArchitecture[machine], 4);
  for (const [index, value] of (call.argv ?? []).entries()) data.writeBigUInt64LE(value, 16 + 8 * index);
  let accumulator = 0;
  for (let at = 0; at < bytes.length / 8; at += 1) {
    const code = bytes.readUInt16LE(at * 8);
    const k = bytes.readUInt32LE(at * 8 + 4);
    const isTrue = code === 0x15 ? accumulator === k : code === 0x35 ? accumulator >= k : (accumulator & k) !== 0;
    if (code === 0x06) return outcomes.get(k) ?? `unknown ${k}`;
    if (code === 0x20) accumulator = data.readUInt32LE(k);
    else at += bytes.readUInt8(at * 8 + (isTrue ? 2 : 3));
  }
  return "ran off the end";
};

const numberOf = (machine: Machine, name: Parameters<typeof syscallNumber>[1]): number =>
  syscallNumber(machine, name) ?? -1;

describe.each(["x64", "arm64"] as const)("the system call filter on %s", (machine) => {
  test("denies every call on its list and hides those that cannot be judged", () => {
    for (const name of jailSyscalls.denied) {
      const number = syscallNumber(machine, name);
      if (number !== null) expect([name, judge(machine, { number })]).toEqual([name, "EPERM"]);
    }
    expect(judge(machine, { number: numberOf(machine, "clone3") })).toBe("ENOSYS");
  });

  test("allows what it does not name", () => {
    // read and write.
    for (const number of machine === "x64" ? [0, 1] : [63, 64]) expect(judge(machine, { number })).toBe("allow");
  });

  test("allows clone for threads and processes, not for namespaces", () => {
    const number = numberOf(machine, "clone");
    expect(judge(machine, { number, argv: [0x3d0f00n] })).toBe("allow");
    expect(judge(machine, { number, argv: [17n] })).toBe("allow");
    for (const flag of [0x20000n, 0x2000000n, 0x4000000n, 0x8000000n, 0x10000000n, 0x20000000n, 0x40000000n]) {
      expect(judge(machine, { number, argv: [flag | 17n] })).toBe("EPERM");
    }
  });

  test("judges ioctl by the 32 bits that the kernel looks at", () => {
    const number = numberOf(machine, "ioctl");
    expect(judge(machine, { number, argv: [0n, 0x5401n] })).toBe("allow");
    for (const request of [0x5412n, 0x100005412n, 0xffffffff0000541cn]) {
      expect(judge(machine, { number, argv: [0n, request] })).toBe("EPERM");
    }
  });

  test("allows local and internet sockets only", () => {
    const number = numberOf(machine, "socket");
    const families = Array.from({ length: 46 }, (_, family) => family);
    const allowed = families.filter((family) => judge(machine, { number, argv: [BigInt(family)] }) === "allow");
    expect(allowed).toEqual([1, 2, 10, 16]);
  });

  test("allows no protocol whose buffers nobody counts", () => {
    const number = numberOf(machine, "socket");
    const judgeSocket = (...argv: readonly bigint[]) => judge(machine, { number, argv });
    expect(judgeSocket(16n, 2n, 0n)).toBe("allow");
    expect(judgeSocket(16n, 2n, 2n)).toBe("EPERM");
    expect(judgeSocket(2n, 1n, 6n)).toBe("allow");
    for (const family of [2n, 10n]) expect(judgeSocket(family, 1n, 262n)).toBe("EPERM");
  });

  test("kills a process of another architecture", () => {
    expect(judge(machine, { architecture: 0x40000003, number: 0 })).toBe("kill");
    const other = machine === "x64" ? "arm64" : "x64";
    expect(judge(machine, { architecture: auditArchitecture[other], number: 0 })).toBe("kill");
  });

  test("denies the numbers of the x32 interface where the machine has it", () => {
    expect(judge(machine, { number: 0x40000000 })).toBe(machine === "x64" ? "EPERM" : "allow");
  });

  test("ends in a return on every way", () => {
    const last: Instruction | undefined = filterProgram(jailSyscalls, machine).at(-1);
    expect(last?.op).toBe("return");
  });
});
