import { Redacted } from "effect";

/** A key of its own: what opens the model gateway, or asks for secrets, makes no handle. */
export const deriveHandleKey = async (root: Redacted.Redacted<Uint8Array>): Promise<CryptoKey> => {
  const material = await crypto.subtle.importKey("raw", Redacted.value(root), "HKDF", false, ["deriveKey"]);
  const info = new TextEncoder().encode("threadbox login handles");
  const parameters = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(32), info };
  const hmac = { name: "HMAC", hash: "SHA-256", length: 256 };
  return crypto.subtle.deriveKey(parameters, material, hmac, false, ["sign", "verify"]);
};
