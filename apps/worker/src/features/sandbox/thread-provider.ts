import type { SandboxProviderId } from "@threadbox/contracts/sandbox";
import { Context, Effect, Layer } from "effect";
import { type SandboxError, VersionConflictError } from "./errors.ts";
import { SandboxProvider, type SandboxProviderShape, SandboxProviders, type ThreadProviderShape } from "./provider.ts";
import { ProviderChoice } from "./provider-choice.ts";
import { SandboxStore, type SandboxStoreShape } from "./store.ts";

/** Where a thread's sandbox runs, as the thread's own object knows it. */
export interface ThreadPlaceShape {
  /** Null: its first start decides that. */
  readonly read: Effect.Effect<SandboxProviderId | null>;
  choose(provider: SandboxProviderId): Effect.Effect<void, SandboxError>;
}

export class ThreadPlace extends Context.Service<ThreadPlace, ThreadPlaceShape>()(
  "threadbox/worker/sandbox/ThreadPlace",
) {}

/** A record of before providers were noted belongs to the one that there was. */
const noted = (store: SandboxStoreShape, former: SandboxProviderId): SandboxProviderId | null =>
  store.readProvider() ?? (store.read() === null ? null : former);

export const threadPlaceLayer: Layer.Layer<ThreadPlace, never, SandboxStore | SandboxProviders> = Layer.effect(
  ThreadPlace,
  Effect.gen(function* () {
    const store = yield* SandboxStore;
    const { former } = yield* SandboxProviders;
    return {
      read: Effect.sync(() => noted(store, former)),
      choose: Effect.fnUntraced(function* (provider) {
        const begun = store.read() !== null;
        if (begun && noted(store, former) !== provider)
          return yield* new VersionConflictError({ reason: "This thread's sandbox has begun elsewhere already." });
        store.writeProvider(provider);
      }),
    };
  }),
);

/** Passes every call on to the thread's provider of that moment. */
const delegated = (
  current: () => SandboxProviderShape,
  settle: Effect.Effect<void, SandboxError>,
): ThreadProviderShape => ({
  settle,
  get id() {
    return current().id;
  },
  get capabilities() {
    return current().capabilities;
  },
  get egressBaseUrl() {
    return current().egressBaseUrl;
  },
  ensure: (...given) => current().ensure(...given),
  info: (...given) => current().info(...given),
  destroy: (...given) => current().destroy(...given),
  exec: (...given) => current().exec(...given),
  trial: (...given) => current().trial(...given),
  readFile: (...given) => current().readFile(...given),
  writeFile: (...given) => current().writeFile(...given),
  deleteFile: (...given) => current().deleteFile(...given),
  moveFile: (...given) => current().moveFile(...given),
  makeFolder: (...given) => current().makeFolder(...given),
  listFiles: (...given) => current().listFiles(...given),
  fetchPort: (...given) => current().fetchPort(...given),
  connectPort: (...given) => current().connectPort(...given),
  reconsiderEgress: (...given) => current().reconsiderEgress(...given),
  tellSecret: (...given) => current().tellSecret(...given),
  snapshot: (...given) => current().snapshot(...given),
  save: (...given) => current().save(...given),
  listPoints: (...given) => current().listPoints(...given),
  comparePoint: (...given) => current().comparePoint(...given),
  restore: (...given) => current().restore(...given),
  recycle: (...given) => current().recycle(...given),
});

/** The provider of one thread: the one that was chosen for it, or that its first start has found. */
export const threadProviderLayer: Layer.Layer<
  SandboxProvider,
  never,
  SandboxStore | SandboxProviders | ProviderChoice
> = Layer.effect(
  SandboxProvider,
  Effect.gen(function* () {
    const store = yield* SandboxStore;
    const { of, former } = yield* SandboxProviders;
    const choice = yield* ProviderChoice;
    const settle = Effect.suspend(() => {
      if (noted(store, former) !== null) return Effect.void;
      return Effect.map(choice.select({}), (provider) => store.writeProvider(provider));
    });
    return delegated(() => of(noted(store, former) ?? former), settle);
  }),
);
