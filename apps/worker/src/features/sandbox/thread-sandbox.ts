import { DurableObject } from "cloudflare:workers";
import type { Generation, ThreadId } from "@threadbox/contracts/ids";
import { Layer, ManagedRuntime } from "effect";
import { configLayer } from "../../config.ts";
import { convexClientLayer } from "../../platform/convex-client.ts";
import { threadAccessLayer } from "../threads/index.ts";
import { SandboxLifecycle, sandboxLifecycleLayer } from "./lifecycle.ts";
import { encodeOutcome } from "./outcome.ts";
import { sandboxProviderLayer } from "./provider-layer.ts";
import type { Activity } from "./sandbox.ts";
import { durableSandboxStore, SandboxStore } from "./store.ts";

const runtimeOf = (storage: DurableObjectStorage, env: Env) =>
  ManagedRuntime.make(
    sandboxLifecycleLayer.pipe(
      Layer.provide([
        Layer.succeed(SandboxStore, durableSandboxStore(storage)),
        sandboxProviderLayer(env),
        threadAccessLayer,
      ]),
      Layer.provide(convexClientLayer()),
      Layer.provide(configLayer(env)),
    ),
  );

/** One per thread: the adapter between the platform (storage, alarm, calls) and the lifecycle. */
export class ThreadSandbox extends DurableObject<Env> {
  readonly #runtime: ReturnType<typeof runtimeOf>;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#runtime = runtimeOf(ctx.storage, env);
  }

  ensure(threadId: ThreadId) {
    return this.#runtime.runPromise(encodeOutcome(SandboxLifecycle.use((sandbox) => sandbox.ensure(threadId))));
  }

  giveUp() {
    return this.#runtime.runPromise(SandboxLifecycle.use((sandbox) => sandbox.giveUp));
  }

  restart(threadId: ThreadId) {
    return this.#runtime.runPromise(encodeOutcome(SandboxLifecycle.use((sandbox) => sandbox.restart(threadId))));
  }

  find() {
    return this.#runtime.runPromise(SandboxLifecycle.use((sandbox) => sandbox.find));
  }

  isCurrent(generation: Generation) {
    return this.#runtime.runPromise(SandboxLifecycle.use((sandbox) => sandbox.isCurrent(generation)));
  }

  markActivity(generation: Generation, activity: Activity) {
    return this.#runtime.runPromise(
      encodeOutcome(SandboxLifecycle.use((sandbox) => sandbox.markActivity(generation, activity))),
    );
  }

  override async alarm() {
    await this.#runtime.runPromise(SandboxLifecycle.use((sandbox) => sandbox.upkeep));
  }
}
