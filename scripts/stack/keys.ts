import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exportJWK, generateKeyPair, type JWK } from "jose";

/** Everything secret that the processes share, generated once per state folder. */
export interface Keys {
  readonly threadToken: { readonly private: JWK; readonly public: JWK };
  readonly serviceToken: { readonly private: JWK; readonly public: JWK };
  readonly sandboxCredentialKey: string;
  readonly sandboxNameKey: string;
  readonly sandboxHostToken: string;
}

const signingPair = async () => {
  const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
  const kid = randomBytes(8).toString("hex");
  const extra = { kid, alg: "ES256", use: "sig" };
  return {
    private: { ...(await exportJWK(privateKey)), ...extra },
    public: { ...(await exportJWK(publicKey)), ...extra },
  };
};

const randomKey = () => randomBytes(32).toString("base64url");

/** Reads `keys.json` of the state folder, or makes it (mode 0600) at the first start. */
export const ensureKeys = async (home: string): Promise<Keys> => {
  const path = join(home, "keys.json");
  if (existsSync(path)) return JSON.parse(readFileSync(path, "utf8")) as Keys;
  const keys: Keys = {
    threadToken: await signingPair(),
    serviceToken: await signingPair(),
    sandboxCredentialKey: randomKey(),
    sandboxNameKey: randomKey(),
    sandboxHostToken: randomKey(),
  };
  writeFileSync(`${path}.new`, JSON.stringify(keys, null, 2), { mode: 0o600 });
  renameSync(`${path}.new`, path);
  return keys;
};
