import type { ThreadId } from "@threadbox/contracts/ids";
import type { HostedPoint, PointChanges, PointId } from "@threadbox/contracts/points";
import { Context, Effect, Layer } from "effect";
import { WorkerConfig } from "../../config.ts";
import type { SandboxError } from "./errors.ts";
import { SandboxProvider } from "./provider.ts";
import { sandboxNameOf } from "./sandbox-name.ts";

export interface SandboxPointsShape {
  /** What is kept of the thread's files, the newest first. Starts nothing. */
  list(threadId: ThreadId): Effect.Effect<readonly HostedPoint[], SandboxError>;
  /** How the thread's files differ from a point. Starts nothing. */
  compare(threadId: ThreadId, id: PointId): Effect.Effect<PointChanges, SandboxError>;
}

export class SandboxPoints extends Context.Service<SandboxPoints, SandboxPointsShape>()(
  "threadbox/worker/sandbox/SandboxPoints",
) {}

export const sandboxPointsLayer: Layer.Layer<SandboxPoints, never, SandboxProvider | WorkerConfig> = Layer.effect(
  SandboxPoints,
  Effect.gen(function* () {
    const provider = yield* SandboxProvider;
    const { sandboxNameKey } = yield* WorkerConfig;
    const nameOf = (threadId: ThreadId) => sandboxNameOf(threadId, sandboxNameKey);
    return {
      list: (threadId) => Effect.flatMap(nameOf(threadId), provider.listPoints),
      compare: (threadId, id) => Effect.flatMap(nameOf(threadId), (name) => provider.comparePoint(name, id)),
    };
  }),
);
