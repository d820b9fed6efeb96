import { Effect, type Redacted } from "effect";
import type { StartContributor } from "../sandbox/index.ts";
import { signInternalSecret } from "./internal-secret.ts";

/** What programs of a start ask for secrets with, and where. It is good for this one start, at the relay alone. */
export const contributeSecrets =
  (key: Redacted.Redacted<Uint8Array>): StartContributor =>
  ({ threadId, generation, egressBaseUrl }) =>
    Effect.map(signInternalSecret({ threadId, generation }, key), (internalSecret) => ({
      environment: { INTERNAL_API_SECRET: internalSecret, SECRETS_BASE_URL: egressBaseUrl },
    }));
