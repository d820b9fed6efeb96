import type { Random } from "./random.ts";

const opcodes = [0, 1, 1, 1, 1, 2, 3, 7, 8, 8, 9, 10, 11, 15];

/** One WebSocket frame as a client sends it, unless something in it is off. */
const frame = (random: Random, payload: Buffer, opcode: number): Buffer => {
  const isOff = random.chance(0.2);
  const first = (isOff ? random.pick([0, 0x80, 0xc0, 0xf0]) : 0x80) | opcode;
  const isMasked = !(isOff && random.chance(0.5));
  const declared = isOff && random.chance(0.5) ? random.pick([0, 1, 125, 65_535, 2 ** 31, 2 ** 52]) : payload.length;
  const length =
    declared < 126
      ? Buffer.from([declared])
      : declared < 65_536
        ? Buffer.from([126, declared >> 8, declared & 255])
        : Buffer.concat([
            Buffer.from([127]),
            (() => {
              const wide = Buffer.alloc(8);
              wide.writeBigUInt64BE(BigInt(declared));
              return wide;
            })(),
          ]);
  length[0] = (length[0] ?? 0) | (isMasked ? 0x80 : 0);
  const mask = isMasked ? random.bytes(4) : Buffer.alloc(0);
  const masked = isMasked ? payload.map((byte, at) => byte ^ (mask[at % 4] ?? 0)) : payload;
  return Buffer.concat([Buffer.from([first]), length, mask, masked]);
};

const closePayload = (random: Random): Buffer =>
  random.pick<() => Buffer>([
    () => Buffer.alloc(0),
    () => Buffer.from([3]),
    () => Buffer.from([random.int(256), random.int(256)]),
    () => Buffer.concat([Buffer.from([3, 232]), Buffer.from([0xff, 0xfe])]),
    () => Buffer.concat([Buffer.from([3, 232]), random.bytes(200)]),
  ])();

/** A few frames: broken ones, and whole ones with messages that nobody expects. */
export const oddFrames = (random: Random, messages?: (random: Random) => string): readonly Buffer[] =>
  Array.from({ length: 1 + random.int(8) }, () => {
    const opcode = messages !== undefined && random.chance(0.7) ? 1 : random.pick(opcodes);
    if (opcode === 8) return frame(random, closePayload(random), opcode);
    if (opcode === 1 && messages !== undefined) return frame(random, Buffer.from(messages(random)), opcode);
    return random.chance(0.2) ? random.bytes(random.int(300)) : frame(random, random.bytes(random.int(300)), opcode);
  });

const oddValues: readonly (() => unknown)[] = [
  () => null,
  () => true,
  () => -1,
  () => 0,
  () => 1e308,
  () => 2 ** 53,
  () => 0.5,
  () => "",
  () => "__proto__",
  () => "constructor",
  () => "\u0000\ud800",
  () => [],
  () => [null],
  () => [[[]]],
  () => ({}),
  () => [{}],
  () => ({ $integer: "x" }),
  () => [{ $bytes: "%" }],
  () => [{ $float: "AAAA" }],
  () => JSON.parse("[".repeat(1_000) + "]".repeat(1_000)),
];

/** JSON that has the fields of one of these messages, some with values that nobody expects. */
export const oddMessage = (random: Random, shapes: readonly Readonly<Record<string, readonly unknown[]>>[]): string => {
  if (random.chance(0.05))
    return random.pick(["", "{", "null", "[]", '"', `${"[".repeat(20_000)}${"]".repeat(20_000)}`]);
  const shape = random.pick(shapes);
  const fields = Object.entries(shape).flatMap(([name, good]) =>
    random.chance(0.05) ? [] : [[name, random.chance(0.15) ? random.pick(oddValues)() : random.pick(good)]],
  );
  return JSON.stringify(Object.fromEntries(fields));
};
