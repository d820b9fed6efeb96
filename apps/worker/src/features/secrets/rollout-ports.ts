import type { TellSecret } from "@threadbox/contracts/sandbox-host";
import type { SecretHolder, SecretProbe } from "@threadbox/contracts/secrets";
import { Effect, Redacted } from "effect";
import { Sandboxes } from "../sandbox/index.ts";
import type { StoredSecret } from "./book.ts";
import { type ProbeOutcome, SecretProbes } from "./probes.ts";
import type { Pusher } from "./pusher.ts";
import type { RolloutPorts, Told } from "./rollout.ts";

const ended: Told = { outcome: "ended" };
const unable: Told = { outcome: "unable" };

/**
 * Tells the start that has an older value what it is now, over the channel that its host has into it. A start that is over, or
 * followed by another, has nothing any more.
 */
export const tellHolder = Effect.fn("tellHolder")(function* (
  { id, name, minVersion }: Pick<StoredSecret, "id" | "name" | "minVersion">,
  valueFor: () => Promise<TellSecret["current"] | null>,
  { threadId, generation }: Pick<SecretHolder, "threadId" | "generation">,
) {
  const sandboxes = yield* Sandboxes;
  const running = yield* sandboxes.peek(threadId);
  if (running === null || running.generation !== generation) return ended;
  const current = yield* Effect.promise(valueFor);
  const news = { secretId: id, name, minVersion, ...(current == null ? {} : { current }) };
  const { outcome, version } = yield* running.tellSecret(news);
  if (outcome === "acknowledged" && version !== null) return { outcome, version } satisfies Told;
  return outcome === "dropped" ? ({ outcome } satisfies Told) : unable;
});

const notChecked: ProbeOutcome = { isGood: true, words: "It wasn't checked." };

export const rolloutPorts = (
  run: <A>(work: Effect.Effect<A, never, Sandboxes | SecretProbes>) => Promise<A>,
  findProbe: (secretId: string) => SecretProbe | null,
  pusher: Pusher,
): RolloutPorts => ({
  check: (secret, _version, value) => {
    const probe = findProbe(secret.id);
    if (probe === null) return Promise.resolve(notChecked);
    return run(SecretProbes.use((probes) => probes.run(probe, Redacted.make(value))));
  },
  tell: (secret, holder) =>
    run(
      Effect.catch(
        tellHolder(secret, () => pusher.valueFor(secret, holder), holder),
        () => Effect.succeed(unable),
      ),
    ),
});
