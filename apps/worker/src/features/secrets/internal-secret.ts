import { Generation, ThreadId } from "@threadbox/contracts/ids";
import { Effect, Option, Redacted, Schema } from "effect";

/** What a sandbox shows when it asks for secrets: its thread, the number of its start, and a keyed hash of both in hex. */
const form = /^([a-z0-9]{16,64})\.([1-9]\d{0,8})\.([0-9a-f]{64})$/;

const Bearer = Schema.Struct({ threadId: ThreadId, generation: Generation });
export type SecretsBearer = typeof Bearer.Type;
const decodeBearer = Schema.decodeUnknownOption(Bearer);

/** A key of its own: what opens the model gateway opens no secret, and the reverse. */
const keyOf = async (root: Redacted.Redacted<Uint8Array>): Promise<CryptoKey> => {
  const material = await crypto.subtle.importKey("raw", Redacted.value(root), "HKDF", false, ["deriveKey"]);
  const info = new TextEncoder().encode("threadbox internal secrets");
  const parameters = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(32), info };
  const hmac = { name: "HMAC", hash: "SHA-256", length: 256 };
  return crypto.subtle.deriveKey(parameters, material, hmac, false, ["sign", "verify"]);
};

const bytesOf = ({ threadId, generation }: SecretsBearer): Uint8Array =>
  new TextEncoder().encode(`${threadId}.${generation}`);

const hexOf = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const fromHex = (text: string): Uint8Array =>
  Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

export const signInternalSecret = (bearer: SecretsBearer, root: Redacted.Redacted<Uint8Array>): Effect.Effect<string> =>
  Effect.promise(async () => {
    const hash = await crypto.subtle.sign("HMAC", await keyOf(root), bytesOf(bearer));
    return `${bearer.threadId}.${bearer.generation}.${hexOf(new Uint8Array(hash))}`;
  });

/** Whose it is; null where it is nobody's. The hashes are compared in constant time. Whether the start still runs is not asked. */
export const readInternalSecret = (
  text: string,
  root: Redacted.Redacted<Uint8Array>,
): Effect.Effect<SecretsBearer | null> =>
  Effect.promise(async () => {
    const [, threadId, generation, hash = ""] = form.exec(text) ?? [];
    const bearer = Option.getOrNull(decodeBearer({ threadId, generation: Number(generation) }));
    if (bearer === null) return null;
    const isOurs = await crypto.subtle.verify("HMAC", await keyOf(root), fromHex(hash), bytesOf(bearer));
    return isOurs ? bearer : null;
  });
