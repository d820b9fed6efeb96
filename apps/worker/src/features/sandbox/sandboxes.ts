import type { ThreadId } from "@threadbox/contracts/ids";
import { openCodePort, openCodeUser } from "@threadbox/contracts/opencode";
import { Clock, Effect, Layer } from "effect";
import { Base64, Hex } from "effect/encoding";
import { CurrentGenerations } from "./current-generations.ts";
import { SandboxInterruptedError, SandboxUnavailableError } from "./errors.ts";
import { decodeOutcome, type Outcome } from "./outcome.ts";
import { type SandboxProviderShape, SandboxProviders } from "./provider.ts";
import { threadSandboxRef } from "./refs.ts";
import type { RunningSandbox } from "./running-sandbox.ts";
import { type SandboxClient, Sandboxes } from "./sandbox.ts";

const unreachable = () => new SandboxUnavailableError({ reason: "Can't reach the sandbox service." });

/** A call to the thread's Durable Object; the platform may reset it at any time. */
const ask = <A>(call: () => Promise<A>) => Effect.tryPromise({ try: call, catch: unreachable });
const askOutcome = <A>(call: () => Promise<Outcome<A>>) => Effect.flatMap(ask(call), decodeOutcome);

const refusedStatus = 401;

/** Requests to OpenCode as its only client: whatever authorization the caller set is replaced. */
const withPassword = (running: RunningSandbox, init: RequestInit | undefined): RequestInit => {
  const headers = new Headers(init?.headers);
  headers.set("authorization", `Basic ${Base64.encode(`${openCodeUser}:${running.password}`)}`);
  return { ...init, headers };
};

const keyFor = async (password: string, purpose: string): Promise<string> => {
  const utf8 = new TextEncoder();
  const hmac = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", utf8.encode(password), hmac, false, ["sign"]);
  return Hex.encode(new Uint8Array(await crypto.subtle.sign("HMAC", key, utf8.encode(purpose))));
};

export const makeSandboxClient = (
  threadId: ThreadId,
  running: RunningSandbox,
  provider: SandboxProviderShape,
  markActivity: SandboxClient["markActivity"],
  isLook = false,
): SandboxClient => {
  const { generation } = running;
  const requestTo = (path: string, init?: RequestInit) => ({
    port: openCodePort,
    generation,
    path,
    init: withPassword(running, init),
    isLook,
  });
  return {
    threadId,
    generation,
    provider: provider.id,
    fetch: (path, init) =>
      Effect.flatMap(provider.fetchPort(running.name, requestTo(path, init)), (response) =>
        response.status === refusedStatus
          ? Effect.fail(new SandboxInterruptedError({ reason: "The sandbox was restarted." }))
          : Effect.succeed(response),
      ),
    connect: (path) => provider.connectPort(running.name, requestTo(path)),
    fetchPort: (port, path, init) => provider.fetchPort(running.name, { port, generation, path, init, isLook }),
    connectPort: (port, path, init) => provider.connectPort(running.name, { port, generation, path, init, isLook }),
    keyFor: (purpose) => Effect.promise(() => keyFor(running.password, purpose)),
    exec: (request) => provider.exec(running.name, request, isLook),
    tellSecret: (news) => provider.tellSecret(running.name, generation, news),
    markActivity,
  };
};

/** The thread's sandboxes as the rest of the worker sees them: state with its Durable Object, traffic straight to it. */
export const sandboxesLayer = (env: Env): Layer.Layer<Sandboxes, never, SandboxProviders> =>
  Layer.effect(
    Sandboxes,
    Effect.gen(function* () {
      const providers = yield* SandboxProviders;
      const current = new CurrentGenerations();
      const clientOf =
        (threadId: ThreadId, isLook = false) =>
        (running: RunningSandbox) => {
          const markActivity: SandboxClient["markActivity"] = (activity, after) =>
            askOutcome(() => threadSandboxRef(env, threadId).markActivity(running.generation, activity, after ?? null));
          return makeSandboxClient(threadId, running, providers.of(running.provider), markActivity, isLook);
        };
      /** Whatever ran is not current from now on, nor while the next one starts. */
      const anew = <A>(
        threadId: ThreadId,
        start: (sandbox: ReturnType<typeof threadSandboxRef>) => Promise<Outcome<A>>,
      ) =>
        Effect.suspend(() => {
          current.forget(threadId);
          return askOutcome(() => start(threadSandboxRef(env, threadId)));
        }).pipe(Effect.ensuring(Effect.sync(() => current.forget(threadId))));
      return {
        ensure: (threadId) =>
          Effect.map(
            askOutcome(() => threadSandboxRef(env, threadId).ensure(threadId)),
            clientOf(threadId),
          ),
        wake: (threadId) => ask(() => threadSandboxRef(env, threadId).wake(threadId)),
        attach: (threadId, generation) =>
          Effect.map(
            askOutcome(() => threadSandboxRef(env, threadId).attach(generation)),
            clientOf(threadId),
          ),
        peek: (threadId) =>
          Effect.map(
            ask(() => threadSandboxRef(env, threadId).peek()),
            (running) => (running === null ? null : clientOf(threadId, true)(running)),
          ),
        giveUp: (threadId) => ask(() => threadSandboxRef(env, threadId).giveUp()),
        restart: (threadId, startsEmpty = false) => anew(threadId, (sandbox) => sandbox.restart(threadId, startsEmpty)),
        restore: (threadId, target) => anew(threadId, (sandbox) => sandbox.restore(threadId, target)),
        beginFrom: (threadId, origin) => askOutcome(() => threadSandboxRef(env, threadId).beginFrom(origin)),
        renew: (threadId) => anew(threadId, (sandbox) => sandbox.renew(threadId)),
        isTrusted: (threadId) => ask(() => threadSandboxRef(env, threadId).isTrusted()),
        setTrusted: (threadId, isTrusted) => anew(threadId, (sandbox) => sandbox.setTrusted(threadId, isTrusted)),
        find: (threadId) => ask(() => threadSandboxRef(env, threadId).find()),
        isCurrent: Effect.fnUntraced(function* (threadId, generation) {
          const now = yield* Clock.currentTimeMillis;
          if (current.has(threadId, generation, now)) return true;
          const isCurrent = yield* ask(() => threadSandboxRef(env, threadId).isCurrent(generation));
          if (isCurrent) current.note(threadId, generation, now);
          return isCurrent;
        }),
        chooseProvider: (threadId, provider) =>
          askOutcome(() => threadSandboxRef(env, threadId).chooseProvider(provider)),
        providerOf: (threadId) => ask(() => threadSandboxRef(env, threadId).providerOf()),
        reconsiderEgress: providers.reconsiderEgress,
        markCopied: (threadId) => ask(() => threadSandboxRef(env, threadId).markCopied()),
        hearNap: (threadId, { generation, nap }) => ask(() => threadSandboxRef(env, threadId).hearNap(generation, nap)),
        hearEnd: (threadId, { generation, status, reason }) =>
          ask(() => threadSandboxRef(env, threadId).hearEnd(generation, { status, reason })).pipe(
            Effect.ensuring(Effect.sync(() => current.forget(threadId))),
          ),
      };
    }),
  );
