import type { ProviderStates } from "@threadbox/contracts/agents-api";
import type { SandboxProviderId } from "@threadbox/contracts/sandbox";
import { Context, Effect, Layer } from "effect";
import { WorkerConfig } from "../../config.ts";
import { SandboxUnavailableError } from "./errors.ts";
import { ProviderProbe } from "./provider-probe.ts";
import { type ProviderWish, selectProvider } from "./select-provider.ts";

export interface ProviderChoiceShape {
  /** Looks where sandboxes can be had, and decides; fails with why nothing that was wished for can be. */
  select(wish: ProviderWish): Effect.Effect<SandboxProviderId, SandboxUnavailableError>;
  /** Where sandboxes can be had now, and where one runs when nobody says; null: nowhere. */
  readonly offer: Effect.Effect<{ readonly states: ProviderStates; readonly usual: SandboxProviderId | null }>;
}

/** The decision between the installation's providers, from what a probe of each says. */
export class ProviderChoice extends Context.Service<ProviderChoice, ProviderChoiceShape>()(
  "threadbox/worker/sandbox/ProviderChoice",
) {}

export const providerChoiceLayer: Layer.Layer<ProviderChoice, never, ProviderProbe | WorkerConfig> = Layer.effect(
  ProviderChoice,
  Effect.gen(function* () {
    const probe = yield* ProviderProbe;
    const { provider: preferred } = (yield* WorkerConfig).sandboxes;
    return {
      select: Effect.fn("ProviderChoice.select")(function* (wish) {
        const selected = selectProvider(wish, { states: yield* probe, preferred });
        if ("provider" in selected) return selected.provider;
        return yield* new SandboxUnavailableError({ reason: selected.refusal });
      }),
      offer: Effect.map(probe, (states) => {
        const selected = selectProvider({}, { states, preferred });
        return { states, usual: "provider" in selected ? selected.provider : null };
      }),
    };
  }),
);
