import type { ThreadId, UserId } from "@threadbox/contracts/ids";
import type { ViewTarget } from "@threadbox/contracts/views";
import { Effect } from "effect";

/** What one origin is for. `epoch`: how often its user has ended all their views; labels are never used again. */
export interface LabelFacts {
  readonly threadId: ThreadId;
  readonly userId: UserId;
  readonly target: ViewTarget;
  readonly epoch: number;
}

const alphabet = "abcdefghijklmnopqrstuvwxyz234567";
/** 16 bytes that tell origins apart, and 9 by which we know our own. */
const [idBytes, checkBytes] = [16, 9];
/** As long as 25 bytes in base 32. */
const shape = /^[a-z2-7]{40}$/;

const toBase32 = (bytes: Uint8Array): string => {
  let [text, bits, value] = ["", 0, 0];
  for (const byte of bytes) {
    value = (value << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) text += alphabet[(value >>> (bits - 5)) & 31];
    value &= (1 << bits) - 1;
  }
  return text;
};

const fromBase32 = (text: string): Uint8Array => {
  const bytes: number[] = [];
  let [bits, value] = [0, 0];
  for (const letter of text) {
    value = (value << 5) | alphabet.indexOf(letter);
    for (bits += 5; bits >= 8; bits -= 8) bytes.push((value >>> (bits - 8)) & 255);
    value &= (1 << bits) - 1;
  }
  return Uint8Array.from(bytes);
};

const utf8 = new TextEncoder();

const sign = (key: CryptoKey, purpose: string, content: Uint8Array) =>
  Effect.promise(async () => {
    const prefix = utf8.encode(`${purpose}\0`);
    const message = new Uint8Array(prefix.length + content.length);
    message.set(prefix);
    message.set(content, prefix.length);
    return new Uint8Array(await crypto.subtle.sign("HMAC", key, message));
  });

const checkOf = (key: CryptoKey, id: Uint8Array) =>
  Effect.map(sign(key, "check", id), (signature) => signature.subarray(0, checkBytes));

/** The DNS label of an origin: 40 characters that tell nobody what it belongs to. */
export const labelOf = Effect.fnUntraced(function* (key: CryptoKey, facts: LabelFacts) {
  const { threadId, userId, target, epoch } = facts;
  const whole = yield* sign(key, "label", utf8.encode(JSON.stringify([threadId, userId, target, epoch])));
  const id = whole.subarray(0, idBytes);
  const label = new Uint8Array(idBytes + checkBytes);
  label.set(id);
  label.set(yield* checkOf(key, id), idBytes);
  return toBase32(label);
});

/** Whether we have made this label. Asks nobody, so that made-up names cost nothing. */
export const isOurLabel = Effect.fnUntraced(function* (key: CryptoKey, label: string) {
  if (!shape.test(label)) return false;
  const bytes = fromBase32(label);
  const check = yield* checkOf(key, bytes.subarray(0, idBytes));
  return crypto.subtle.timingSafeEqual(check, bytes.subarray(idBytes));
});
