import { base64url, FlattenedEncrypt, type FlattenedJWE, flattenedDecrypt } from "jose";
import { deriveHmacKey, hmacOf, type MasterKeys } from "./master-keys.ts";

/** What a sealed value is of: it opens as nothing else. */
export interface SealBinding {
  /** What kind of thing it is. */
  readonly purpose: "secret" | "login" | "login-binding" | "login-flow";
  readonly scope: string;
  readonly name: string;
  readonly version: number;
}

/** A value under a data key of its own, and that key under a master key: a JWE in JSON form. */
export interface SealedValue {
  readonly kid: string;
  readonly text: string;
}

/** The value cannot be opened: damaged, of another record, or its master key is gone. Says nothing of the content. */
export class SealBrokenError extends Error {}

const algorithms = { alg: "A256GCMKW", enc: "A256GCM" } as const;
/** No part can hold the separator: scopes, names and kids are made of other characters. */
const associated = (kid: string, { purpose, scope, name, version }: SealBinding): string =>
  ["v1", purpose, kid, scope, name, version].join("|");

export const sealValue = async (keys: MasterKeys, binding: SealBinding, value: string): Promise<SealedValue> => {
  const kid = keys.currentKid;
  const { aad: _, ...sealed } = await new FlattenedEncrypt(new TextEncoder().encode(value))
    .setProtectedHeader({ ...algorithms, kid })
    .setAdditionalAuthenticatedData(new TextEncoder().encode(associated(kid, binding)))
    .encrypt(keys.byKid.get(kid) ?? new Uint8Array());
  return { kid, text: JSON.stringify(sealed) };
};

/** What it is of is never read from the record: the caller says what it must be of. */
export const openValue = async (keys: MasterKeys, binding: SealBinding, sealed: SealedValue): Promise<string> => {
  const key = keys.byKid.get(sealed.kid);
  if (key === undefined) throw new SealBrokenError();
  try {
    const jwe = JSON.parse(sealed.text) as FlattenedJWE;
    const aad = base64url.encode(associated(sealed.kid, binding));
    const { plaintext, protectedHeader } = await flattenedDecrypt({ ...jwe, aad }, key, {
      keyManagementAlgorithms: [algorithms.alg],
      contentEncryptionAlgorithms: [algorithms.enc],
    });
    if (protectedHeader?.kid !== sealed.kid) throw new SealBrokenError();
    return new TextDecoder().decode(plaintext);
  } catch {
    throw new SealBrokenError();
  }
};

/** Four hex digits: enough to see that two values differ, too few to look for one. */
export const fingerprintOf = async (keys: MasterKeys, value: string): Promise<string> => {
  const key = await deriveHmacKey(keys.byKid.get(keys.currentKid) ?? new Uint8Array(), "fingerprint");
  const [high = 0, low = 0] = (await hmacOf(key, value)).slice(-2);
  return ((high << 8) | low).toString(16).padStart(4, "0");
};
