import { DurableObject } from "cloudflare:workers";
import type { Generation, MessageId, ThreadId } from "@threadbox/contracts/ids";
import type { SandboxProviderId } from "@threadbox/contracts/sandbox";
import type { NapCause } from "@threadbox/contracts/sandbox-host";
import { Layer, ManagedRuntime } from "effect";
import type { WorkerConfig } from "../../config.ts";
import type { AuditTrail } from "../../platform/audit.ts";
import type { ConvexClient } from "../../platform/convex-client.ts";
import type { Metrics } from "../../platform/metrics/metrics.ts";
import type { WorkspaceCopies } from "../sync/index.ts";
import type { ThreadAccess } from "../threads/index.ts";
import { type HostedEnd, SandboxLifecycle, sandboxLifecycleLayer } from "./lifecycle.ts";
import type { Origin } from "./origin.ts";
import { encodeOutcome } from "./outcome.ts";
import type { SandboxProviders } from "./provider.ts";
import type { ProviderChoice } from "./provider-choice.ts";
import type { Activity, RestoreTarget } from "./sandbox.ts";
import type { StartPlan } from "./start-plan.ts";
import { durableSandboxStore, SandboxStore } from "./store.ts";
import { ThreadPlace, threadPlaceLayer, threadProviderLayer } from "./thread-provider.ts";

/** What the object needs from outside; the lifecycle is built on it and on the object's own storage. */
type Supplies =
  | WorkerConfig
  | SandboxProviders
  | ProviderChoice
  | ConvexClient
  | AuditTrail
  | Metrics
  | ThreadAccess
  | StartPlan
  | WorkspaceCopies;

const runtimeOf = (storage: DurableObjectStorage, supplies: Layer.Layer<Supplies>) =>
  ManagedRuntime.make(
    Layer.merge(sandboxLifecycleLayer, threadPlaceLayer).pipe(
      Layer.provide(threadProviderLayer),
      Layer.provide(Layer.succeed(SandboxStore, durableSandboxStore(storage))),
      Layer.provide(supplies),
    ),
  );

/** One per thread: the adapter between the platform (storage, alarm, calls) and the lifecycle. */
export class ThreadSandbox extends DurableObject<Env> {
  readonly #runtime: ReturnType<typeof runtimeOf>;

  constructor(ctx: DurableObjectState, env: Env, supplies: Layer.Layer<Supplies>) {
    super(ctx, env);
    this.#runtime = runtimeOf(ctx.storage, supplies);
  }

  ensure(threadId: ThreadId) {
    return this.#runtime.runPromise(encodeOutcome(SandboxLifecycle.use((sandbox) => sandbox.ensure(threadId))));
  }

  wake(threadId: ThreadId) {
    return this.#runtime.runPromise(SandboxLifecycle.use((sandbox) => sandbox.wake(threadId)));
  }

  attach(generation: Generation) {
    return this.#runtime.runPromise(encodeOutcome(SandboxLifecycle.use((sandbox) => sandbox.attach(generation))));
  }

  peek() {
    return this.#runtime.runPromise(SandboxLifecycle.use((sandbox) => sandbox.peek));
  }

  giveUp() {
    return this.#runtime.runPromise(SandboxLifecycle.use((sandbox) => sandbox.giveUp));
  }

  restart(threadId: ThreadId, startsEmpty: boolean) {
    return this.#runtime.runPromise(
      encodeOutcome(SandboxLifecycle.use((sandbox) => sandbox.restart(threadId, startsEmpty))),
    );
  }

  isTrusted() {
    return this.#runtime.runPromise(SandboxLifecycle.use((sandbox) => sandbox.isTrusted));
  }

  setTrusted(threadId: ThreadId, isTrusted: boolean) {
    return this.#runtime.runPromise(
      encodeOutcome(SandboxLifecycle.use((sandbox) => sandbox.setTrusted(threadId, isTrusted))),
    );
  }

  renew(threadId: ThreadId) {
    return this.#runtime.runPromise(encodeOutcome(SandboxLifecycle.use((sandbox) => sandbox.renew(threadId))));
  }

  find() {
    return this.#runtime.runPromise(SandboxLifecycle.use((sandbox) => sandbox.find));
  }

  isCurrent(generation: Generation) {
    return this.#runtime.runPromise(SandboxLifecycle.use((sandbox) => sandbox.isCurrent(generation)));
  }

  restore(threadId: ThreadId, target: RestoreTarget) {
    return this.#runtime.runPromise(
      encodeOutcome(SandboxLifecycle.use((sandbox) => sandbox.restore(threadId, target))),
    );
  }

  beginFrom(origin: Origin) {
    return this.#runtime.runPromise(encodeOutcome(SandboxLifecycle.use((sandbox) => sandbox.beginFrom(origin))));
  }

  markActivity(generation: Generation, activity: Activity, after: MessageId | null) {
    return this.#runtime.runPromise(
      encodeOutcome(SandboxLifecycle.use((sandbox) => sandbox.markActivity(generation, activity, after))),
    );
  }

  chooseProvider(provider: SandboxProviderId) {
    return this.#runtime.runPromise(encodeOutcome(ThreadPlace.use((place) => place.choose(provider))));
  }

  providerOf() {
    return this.#runtime.runPromise(ThreadPlace.use((place) => place.read));
  }

  markCopied() {
    return this.#runtime.runPromise(SandboxLifecycle.use((sandbox) => sandbox.markCopied));
  }

  hearNap(generation: Generation, nap: NapCause | null) {
    return this.#runtime.runPromise(SandboxLifecycle.use((sandbox) => sandbox.hearNap(generation, nap)));
  }

  hearEnd(generation: Generation, end: HostedEnd) {
    return this.#runtime.runPromise(SandboxLifecycle.use((sandbox) => sandbox.hearEnd(generation, end)));
  }

  override async alarm() {
    await this.#runtime.runPromise(SandboxLifecycle.use((sandbox) => sandbox.upkeep));
  }
}
