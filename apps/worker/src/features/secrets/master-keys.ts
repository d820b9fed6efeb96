import { Redacted } from "effect";
import { base64url } from "jose";

/** What data keys are encrypted with: outside the vault's storage, so that a copy of it opens nothing. */
export interface MasterKeys {
  /** Encrypts what is new. */
  readonly currentKid: string;
  /** Every one may decrypt. */
  readonly byKid: ReadonlyMap<string, Uint8Array>;
}

interface OctKey {
  readonly kid: string;
  readonly k: string;
}

/** `set` has been checked with the configuration: a JWK set of symmetric keys, the current one first. */
export const readMasterKeys = (set: Redacted.Redacted<string>): MasterKeys => {
  const { keys } = JSON.parse(Redacted.value(set)) as { keys: readonly [OctKey, ...OctKey[]] };
  return {
    currentKid: keys[0].kid,
    byKid: new Map(keys.map(({ kid, k }) => [kid, base64url.decode(k)])),
  };
};

const hmac = { name: "HMAC", hash: "SHA-256" };

/** A key for one purpose of that master key, so that nothing made with it stands in for anything else. */
export const deriveHmacKey = async (master: Uint8Array, purpose: string): Promise<CryptoKey> => {
  const material = await crypto.subtle.importKey("raw", master, "HKDF", false, ["deriveKey"]);
  const info = new TextEncoder().encode(`threadbox vault ${purpose}`);
  const parameters = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(32), info };
  return crypto.subtle.deriveKey(parameters, material, { ...hmac, length: 256 }, false, ["sign"]);
};

export const hmacOf = async (key: CryptoKey, text: string): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(text)));
