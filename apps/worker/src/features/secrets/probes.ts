import type { SecretProbe } from "@threadbox/contracts/secrets";
import { Context, type Effect, type Redacted } from "effect";

/** What a probe came to: in words for people, which hold neither the value nor anything of the answer but its status. */
export interface ProbeOutcome {
  readonly isGood: boolean;
  readonly words: string;
}

/** Asks a host whether it takes a value. The slice that sends requests out supplies it. */
export interface SecretProbesShape {
  /** Has an answer within some seconds, and never fails. */
  run(probe: SecretProbe, value: Redacted.Redacted<string>): Effect.Effect<ProbeOutcome>;
}

export class SecretProbes extends Context.Service<SecretProbes, SecretProbesShape>()(
  "threadbox/worker/secrets/SecretProbes",
) {}
