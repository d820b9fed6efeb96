import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { JWK } from "jose";
import { type Installation, main } from "./addresses.ts";

interface KeyPair {
  readonly private: JWK & { readonly d: string; readonly kid: string };
  readonly public: JWK;
}

/** Everything secret of an installation, as `npm start` generated it. */
export interface Keys {
  readonly threadToken: KeyPair;
  readonly serviceToken: KeyPair;
  /** base64url, as the next two. */
  readonly sandboxCredentialKey: string;
  readonly sandboxNameKey: string;
  readonly sandboxHostToken: string;
  readonly vault: { readonly keys: readonly { readonly k: string }[] };
}

export const keysOf = ({ home }: Installation = main): Keys =>
  JSON.parse(readFileSync(join(home, "keys.json"), "utf8"));
