import type { ThreadId } from "@threadbox/contracts/ids";
import type { SecretName } from "@threadbox/contracts/secrets";
import { type Redacted, Redacted as Values } from "effect";
import { Base64Url } from "effect/encoding";

/**
 * What a program holds in place of a secret: good in its own thread's requests, at the secret's hosts. It is the same at
 * every start, so that a file with it in the workspace stays of use, and tells nothing of the value.
 */
export type CredentialHandle = string;

/** Every text that has the form of a handle, whoever made it up. */
export const handlePattern = /tbh_[A-Za-z0-9_-]{43}/g;

export type MakeHandle = (threadId: ThreadId, name: SecretName) => Promise<CredentialHandle>;

/** A key of its own: what opens another door makes no handle. */
export const handleMaker = async (root: Redacted.Redacted<Uint8Array>): Promise<MakeHandle> => {
  const material = await crypto.subtle.importKey("raw", Values.value(root), "HKDF", false, ["deriveKey"]);
  const info = new TextEncoder().encode("threadbox egress handles");
  const parameters = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(32), info };
  const key = await crypto.subtle.deriveKey(
    parameters,
    material,
    { name: "HMAC", hash: "SHA-256", length: 256 },
    false,
    ["sign"],
  );
  return async (threadId, name) => {
    const hash = await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(`${threadId}.${name}`));
    return `tbh_${Base64Url.encode(new Uint8Array(hash))}`;
  };
};
