import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from "jose";
import { isObject, readState, writeState } from "./state-file.ts";

interface StoredKeys {
  /** RS256, signs access tokens. */
  readonly signing: JWK;
  /** HS256, base64url: seals the request inside the sign-in form. */
  readonly form: string;
}

const isStoredKeys = (value: unknown): value is StoredKeys =>
  isObject(value) && isObject(value.signing) && typeof value.form === "string";

export interface Keys {
  readonly kid: string;
  readonly signing: CryptoKey;
  readonly form: Uint8Array;
  /** What the world may know. */
  readonly jwks: { readonly keys: readonly JWK[] };
}

const generate = async (): Promise<StoredKeys> => {
  const { privateKey } = await generateKeyPair("RS256", { extractable: true, modulusLength: 2048 });
  return { signing: await exportJWK(privateKey), form: randomBytes(32).toString("base64url") };
};

/** The keys of this machine: read from disk, or made once and kept there. */
export const openKeys = async (stateFolder: string): Promise<Keys> => {
  const path = join(stateFolder, "keys.json");
  let stored = readState(path, isStoredKeys);
  if (stored === undefined) {
    stored = await generate();
    writeState(path, stored);
  }
  const { kty, n, e } = stored.signing;
  if (kty !== "RSA" || n === undefined || e === undefined) throw new Error(`${path} holds no RSA key.`);
  const kid = await calculateJwkThumbprint({ kty, n, e });
  const signing = await importJWK({ ...stored.signing, kid, alg: "RS256" }, "RS256");
  if (signing instanceof Uint8Array) throw new Error(`${path} holds no RSA key.`);
  return {
    kid,
    signing,
    form: Buffer.from(stored.form, "base64url"),
    jwks: { keys: [{ kty, n, e, kid, alg: "RS256", use: "sig" }] },
  };
};
