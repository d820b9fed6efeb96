/**
 * A small assembler for classic BPF programs as seccomp reads them: eight bytes per instruction, little endian,
 * jumps forward only and at most 255 instructions far.
 */

const opcode = {
  /** Loads the 32-bit word at byte `k` of `struct seccomp_data`. */
  load: 0x20,
  jumpIfEqual: 0x15,
  jumpIfAtLeast: 0x35,
  /** Jumps when any bit of `k` is set. */
  jumpIfAnyBit: 0x45,
  return: 0x06,
} as const;

export type Instruction =
  | { readonly op: "label"; readonly name: string }
  | { readonly op: "load" | "return"; readonly k: number }
  | {
      readonly op: "jumpIfEqual" | "jumpIfAtLeast" | "jumpIfAnyBit";
      readonly k: number;
      /** Label to go to; without one the program goes on with the next instruction. */
      readonly whenTrue?: string;
      readonly whenFalse?: string;
    };

/** Throws on an unknown label and on a jump that is backward or too far. */
export const assemble = (program: readonly Instruction[]): Buffer => {
  const labels = new Map<string, number>();
  let length = 0;
  for (const instruction of program) {
    if (instruction.op === "label") labels.set(instruction.name, length);
    else length += 1;
  }
  const bytes = Buffer.alloc(length * 8);
  let at = 0;
  for (const instruction of program) {
    if (instruction.op === "label") continue;
    const from = at;
    const distance = (label: string | undefined): number => {
      if (label === undefined) return 0;
      const target = labels.get(label);
      const jump = target === undefined ? -1 : target - from - 1;
      if (jump < 0 || jump > 255) throw new RangeError(`The jump to ${label} is not a short forward jump.`);
      return jump;
    };
    const isJump = "whenTrue" in instruction || "whenFalse" in instruction;
    bytes.writeUInt16LE(opcode[instruction.op], at * 8);
    bytes.writeUInt8(isJump ? distance(instruction.whenTrue) : 0, at * 8 + 2);
    bytes.writeUInt8(isJump ? distance(instruction.whenFalse) : 0, at * 8 + 3);
    bytes.writeUInt32LE(instruction.k >>> 0, at * 8 + 4);
    at += 1;
  }
  return bytes;
};
