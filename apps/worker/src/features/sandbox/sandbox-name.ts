import { SandboxName, type ThreadId } from "@threadbox/contracts/ids";
import { Effect, Redacted, Schema } from "effect";
import { Hex } from "effect/encoding";

const decodeSandboxName = Schema.decodeUnknownSync(SandboxName);
const nameLength = 32;

/** The opaque name of a thread's sandbox: a keyed hash, so that a name seen in a host's logs names no thread. */
export const sandboxNameOf = (threadId: ThreadId, nameKey: Redacted.Redacted<Uint8Array>): Effect.Effect<SandboxName> =>
  Effect.promise(async () => {
    const algorithm = { name: "HMAC", hash: "SHA-256" };
    const key = await crypto.subtle.importKey("raw", Redacted.value(nameKey), algorithm, false, ["sign"]);
    const digest = await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(threadId));
    return decodeSandboxName(Hex.encode(new Uint8Array(digest)).slice(0, nameLength));
  });
