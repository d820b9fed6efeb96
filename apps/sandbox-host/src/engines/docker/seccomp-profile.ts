import type { SyscallPolicy } from "../local/syscall-filter.ts";

interface Condition {
  readonly index: number;
  readonly value: number;
  readonly valueTwo?: number;
  readonly op: "SCMP_CMP_GE" | "SCMP_CMP_MASKED_EQ";
}

interface Rule {
  readonly names: readonly string[];
  readonly action: "SCMP_ACT_ERRNO";
  readonly errnoRet: number;
  readonly args?: readonly Condition[];
}

/** A profile as the Docker Engine takes it in `SecurityOpt`. */
export interface SeccompProfile {
  readonly defaultAction: "SCMP_ACT_ALLOW";
  readonly architectures: readonly string[];
  readonly syscalls: readonly Rule[];
}

const eperm = 1;
const enosys = 38;
const netlinkFamily = 16;
/** An `int` of a call stands in the low half of its register; the kernel looks at nothing else. */
const lowHalf = 0xffffffff;

const architectures = { x64: "SCMP_ARCH_X86_64", arm64: "SCMP_ARCH_AARCH64" } as const;

const deny = (name: string, ...args: readonly Condition[]): Rule => ({
  names: [name],
  action: "SCMP_ACT_ERRNO",
  errnoRet: eperm,
  args,
});

const lowHalfIs = (index: number, value: number): Condition => ({
  index,
  op: "SCMP_CMP_MASKED_EQ",
  value: lowHalf,
  valueTwo: value,
});

/** One rule for each bit: a rule can say that a bit is set, and not that any of several is. */
const deniedFlags = (flags: number): readonly Rule[] =>
  Array.from({ length: 32 }, (_, bit) => 2 ** bit)
    .filter((bit) => Math.floor(flags / bit) % 2 === 1)
    .map((bit) => deny("clone", { index: 0, op: "SCMP_CMP_MASKED_EQ", value: bit, valueTwo: bit }));

/** A rule can't compare one argument with several values, so that every value between those that are allowed gets its own. */
const deniedBut = (index: number, allowed: readonly number[], ...when: readonly Condition[]): readonly Rule[] => {
  const highest = Math.max(...allowed);
  const between = Array.from({ length: highest }, (_, value) => value).filter((value) => !allowed.includes(value));
  return [
    ...between.map((value) => deny("socket", ...when, lowHalfIs(index, value))),
    deny("socket", ...when, { index, op: "SCMP_CMP_GE", value: highest + 1 }),
  ];
};

/** The same policy as a jail's filter has, in the engine's words; programs of another architecture are killed. */
export const seccompProfile = (policy: SyscallPolicy, machine: keyof typeof architectures): SeccompProfile => ({
  defaultAction: "SCMP_ACT_ALLOW",
  architectures: [architectures[machine]],
  syscalls: [
    { names: policy.denied, action: "SCMP_ACT_ERRNO", errnoRet: eperm },
    { names: policy.missing, action: "SCMP_ACT_ERRNO", errnoRet: enosys },
    ...deniedFlags(policy.deniedCloneFlags),
    ...policy.deniedIoctls.map((request) => deny("ioctl", lowHalfIs(1, request))),
    ...deniedBut(0, policy.allowedSocketFamilies),
    ...policy.deniedSocketProtocols.map((protocol) => deny("socket", lowHalfIs(2, protocol))),
    ...deniedBut(2, policy.allowedNetlinkProtocols, lowHalfIs(0, netlinkFamily)),
  ],
});
