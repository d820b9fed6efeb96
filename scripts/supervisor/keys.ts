import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { exportJWK, generateKeyPair, type JWK } from "jose";
import writeFileAtomic from "write-file-atomic";
import { StartRefusal } from "./start-refusal.ts";

/** Everything secret that the processes share, generated once per state folder. */
export interface Keys {
  readonly threadToken: { readonly private: JWK; readonly public: JWK };
  readonly serviceToken: { readonly private: JWK; readonly public: JWK };
  readonly sandboxCredentialKey: string;
  readonly sandboxNameKey: string;
  readonly sandboxHostToken: string;
  /** What the password of each sandbox's snapshots follows from. */
  readonly snapshotKey: string;
  /** What the worker shows at the machine that runs programs. */
  readonly codemodeKey: string;
  /** What the vault's data keys are encrypted with: the first for what is new, the others for what is there. */
  readonly vault: { readonly keys: readonly JWK[] };
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

const isPair = (value: unknown): boolean => {
  const pair = (value ?? {}) as Record<string, JWK | undefined>;
  return Boolean(pair.private?.d && pair.private.kid && pair.public?.x);
};

const newVaultKeys = (): Keys["vault"] => ({
  keys: [{ kty: "oct", kid: randomBytes(8).toString("hex"), k: randomKey() }],
});

const isVault = (value: unknown): boolean => {
  const { keys } = (value ?? {}) as { keys?: readonly JWK[] };
  return Array.isArray(keys) && keys.length > 0 && keys.every((key) => key?.kid && key.k);
};

/** What a folder of an older version does not hold. */
type LaterKeys = "vault" | "snapshotKey" | "codemodeKey";

const isKeysBeside = (value: unknown): value is Omit<Keys, LaterKeys> & { readonly [Key in LaterKeys]?: unknown } => {
  const keys = (value ?? {}) as Partial<Record<keyof Keys, unknown>>;
  const texts = [keys.sandboxCredentialKey, keys.sandboxNameKey, keys.sandboxHostToken];
  return [keys.threadToken, keys.serviceToken].every(isPair) && texts.every((text) => text && typeof text === "string");
};

const writeKeys = (path: string, keys: Keys) => writeFileAtomic(path, JSON.stringify(keys, null, 2), { mode: 0o600 });

/** Never made anew: with other keys, nobody would find the sandboxes that are there, or open what the vault holds. */
const readKeys = async (path: string): Promise<Keys> => {
  const refusal = (why: string) =>
    new StartRefusal(
      `${path} ${why}. It holds the keys of this installation: restore it from a backup. Without one, move it away: ` +
        "the next start makes new keys, and threads start with empty workspaces.",
    );
  let keys: unknown;
  try {
    keys = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    // The parser's own words would repeat a piece of the file.
    throw refusal(error instanceof SyntaxError ? "is damaged" : `cannot be read (${(error as Error).message})`);
  }
  if (!isKeysBeside(keys)) throw refusal("is damaged or incomplete");
  const later = { vault: newVaultKeys(), snapshotKey: randomKey(), codemodeKey: randomKey() };
  const whole = { ...later, ...keys };
  const laterTexts = [whole.snapshotKey, whole.codemodeKey];
  if (!isVault(whole.vault) || !laterTexts.every((text) => text && typeof text === "string"))
    throw refusal("is damaged or incomplete");
  if (Object.keys(later).some((name) => keys[name as LaterKeys] === undefined)) await writeKeys(path, whole as Keys);
  return whole as Keys;
};

/** Reads `keys.json` of the state folder, or makes it (mode 0600) at the first start. */
export const ensureKeys = async (home: string): Promise<Keys> => {
  const path = join(home, "keys.json");
  if (existsSync(path)) return readKeys(path);
  const keys: Keys = {
    threadToken: await signingPair(),
    serviceToken: await signingPair(),
    sandboxCredentialKey: randomKey(),
    sandboxNameKey: randomKey(),
    sandboxHostToken: randomKey(),
    snapshotKey: randomKey(),
    codemodeKey: randomKey(),
    vault: newVaultKeys(),
  };
  await writeKeys(path, keys);
  return keys;
};
