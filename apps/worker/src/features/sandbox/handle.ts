import type { ThreadId } from "@threadbox/contracts/ids";
import { openCodePort } from "@threadbox/contracts/sandbox";
import { Effect, Layer } from "effect";
import { Base64 } from "effect/encoding";
import type { WorkerConfig } from "../../config.ts";
import { SandboxInterruptedError, SandboxUnavailableError } from "./errors.ts";
import type { SandboxLease } from "./lifecycle.ts";
import { decodeOutcome, type Outcome } from "./outcome.ts";
import { SandboxProvider, type SandboxProviderShape } from "./provider.ts";
import { sandboxProviderLayer } from "./provider-layer.ts";
import { threadSandboxRef } from "./refs.ts";
import { Sandboxes, type SandboxHandle } from "./sandbox.ts";

const keeperSilent = () =>
  new SandboxUnavailableError({ reason: "The sandbox's keeper does not answer at the moment." });

/** A call to the thread's Durable Object; the platform may reset it at any time. */
const ask = <A>(call: () => Promise<A>) => Effect.tryPromise({ try: call, catch: keeperSilent });
const askOutcome = <A>(call: () => Promise<Outcome<A>>) => Effect.flatMap(ask(call), decodeOutcome);

const openCodeUser = "opencode";
const refusedStatus = 401;

/** Requests to OpenCode as its only client: whatever authorization the caller set is replaced. */
const withPassword = (lease: SandboxLease, init: RequestInit | undefined): RequestInit => {
  const headers = new Headers(init?.headers);
  headers.set("authorization", `Basic ${Base64.encode(`${openCodeUser}:${lease.password}`)}`);
  return { ...init, headers };
};

export const makeHandle = (
  threadId: ThreadId,
  lease: SandboxLease,
  provider: SandboxProviderShape,
  markActivity: SandboxHandle["markActivity"],
): SandboxHandle => {
  const requestTo = (path: string, init?: RequestInit) => ({
    port: openCodePort,
    generation: lease.generation,
    path,
    init: withPassword(lease, init),
  });
  return {
    threadId,
    generation: lease.generation,
    provider: provider.id,
    fetch: (path, init) =>
      Effect.flatMap(provider.fetchPort(lease.name, requestTo(path, init)), (response) =>
        response.status === refusedStatus
          ? Effect.fail(new SandboxInterruptedError({ reason: "The sandbox was restarted." }))
          : Effect.succeed(response),
      ),
    connect: (path) => provider.connectPort(lease.name, requestTo(path)),
    markActivity,
  };
};

/** The thread's sandboxes as the rest of the worker sees them: state with its Durable Object, traffic straight to it. */
export const sandboxesLayer = (env: Env): Layer.Layer<Sandboxes, never, WorkerConfig> =>
  Layer.effect(
    Sandboxes,
    Effect.gen(function* () {
      const provider = yield* SandboxProvider;
      return {
        ensure: (threadId) => {
          const keeper = () => threadSandboxRef(env, threadId);
          return Effect.map(
            askOutcome(() => keeper().ensure(threadId)),
            (lease) =>
              makeHandle(threadId, lease, provider, (activity) =>
                askOutcome(() => keeper().markActivity(lease.generation, activity)),
              ),
          );
        },
        giveUp: (threadId) => ask(() => threadSandboxRef(env, threadId).giveUp()),
        restart: (threadId) => askOutcome(() => threadSandboxRef(env, threadId).restart(threadId)),
        find: (threadId) => ask(() => threadSandboxRef(env, threadId).find()),
        isCurrent: (threadId, generation) => ask(() => threadSandboxRef(env, threadId).isCurrent(generation)),
      };
    }),
  ).pipe(Layer.provide(sandboxProviderLayer(env)));
