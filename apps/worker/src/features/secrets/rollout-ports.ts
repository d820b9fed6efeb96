import type { SecretHolder, SecretProbe } from "@threadbox/contracts/secrets";
import { Effect, Redacted } from "effect";
import { Sandboxes } from "../sandbox/index.ts";
import type { StoredSecret } from "./book.ts";
import { type ProbeOutcome, SecretProbes } from "./probes.ts";
import type { RolloutPorts, Told } from "./rollout.ts";

const ended: Told = { outcome: "ended" };
const unable: Told = { outcome: "unable" };

/**
 * Tells the start that has an older value to ask anew, over the channel that its host has into it. A start that is over, or
 * followed by another, has nothing any more.
 */
export const tellHolder = Effect.fn("tellHolder")(function* (
  { id, name, minVersion }: Pick<StoredSecret, "id" | "name" | "minVersion">,
  { threadId, generation }: Pick<SecretHolder, "threadId" | "generation">,
) {
  const sandboxes = yield* Sandboxes;
  const running = yield* sandboxes.peek(threadId);
  if (running === null || running.generation !== generation) return ended;
  const { outcome, version } = yield* running.tellSecret({ secretId: id, name, minVersion });
  if (outcome === "acknowledged" && version !== null) return { outcome, version } satisfies Told;
  return outcome === "dropped" ? ({ outcome } satisfies Told) : unable;
});

const notChecked: ProbeOutcome = { isGood: true, words: "It wasn't checked." };

export const rolloutPorts = (
  run: <A>(work: Effect.Effect<A, never, Sandboxes | SecretProbes>) => Promise<A>,
  findProbe: (secretId: string) => SecretProbe | null,
): RolloutPorts => ({
  check: (secret, _version, value) => {
    const probe = findProbe(secret.id);
    if (probe === null) return Promise.resolve(notChecked);
    return run(SecretProbes.use((probes) => probes.run(probe, Redacted.make(value))));
  },
  tell: (secret, holder) => run(Effect.catch(tellHolder(secret, holder), () => Effect.succeed(unable))),
});
