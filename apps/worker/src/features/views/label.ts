import type { ThreadId, UserId } from "@threadbox/contracts/ids";
import type { ViewTarget } from "@threadbox/contracts/views";
import { Effect } from "effect";
import { Hex } from "effect/encoding";
import { joinBytes } from "../../platform/join-bytes.ts";

/** What one origin is for. `epoch`: how often its user has ended all their views; labels are never used again. */
export interface LabelFacts {
  readonly threadId: ThreadId;
  readonly userId: UserId;
  readonly target: ViewTarget;
  readonly epoch: number;
  /** The preview link whose visitors it is for: they share it with nobody. */
  readonly linkId?: string | undefined;
}

/** 16 bytes that tell origins apart, and 9 by which we know our own. */
const [idBytes, checkBytes] = [16, 9];
const shape = /^[0-9a-f]{50}$/;

const utf8 = new TextEncoder();

const sign = (key: CryptoKey, purpose: string, content: Uint8Array) =>
  Effect.promise(async () => {
    const message = joinBytes([utf8.encode(`${purpose}\0`), content]);
    return new Uint8Array(await crypto.subtle.sign("HMAC", key, message));
  });

const checkOf = (key: CryptoKey, id: Uint8Array) =>
  Effect.map(sign(key, "check", id), (signature) => signature.subarray(0, checkBytes));

/** The DNS label of an origin: 50 hex digits that tell nobody what it belongs to. */
export const labelOf = Effect.fnUntraced(function* (key: CryptoKey, facts: LabelFacts) {
  const { threadId, userId, target, epoch, linkId } = facts;
  const names = [threadId, userId, target, epoch, ...(linkId === undefined ? [] : [linkId])];
  const whole = yield* sign(key, "label", utf8.encode(JSON.stringify(names)));
  const id = whole.subarray(0, idBytes);
  return Hex.encode(joinBytes([id, yield* checkOf(key, id)]));
});

/** Whether we have made this label. Asks nobody, so that made-up names cost nothing. */
export const isOurLabel = Effect.fnUntraced(function* (key: CryptoKey, label: string) {
  if (!shape.test(label)) return false;
  const bytes = yield* Effect.orDie(Effect.fromResult(Hex.decode(label)));
  const check = yield* checkOf(key, bytes.subarray(0, idBytes));
  return crypto.subtle.timingSafeEqual(check, bytes.subarray(idBytes));
});
