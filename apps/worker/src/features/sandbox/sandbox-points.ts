import type { ThreadId } from "@threadbox/contracts/ids";
import type { HostedPoint, PointChanges, PointId } from "@threadbox/contracts/points";
import { Context, Effect, Layer } from "effect";
import { WorkerConfig } from "../../config.ts";
import type { SandboxError } from "./errors.ts";
import { SandboxProviders } from "./provider.ts";
import { Sandboxes } from "./sandbox.ts";
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

export const sandboxPointsLayer: Layer.Layer<SandboxPoints, never, Sandboxes | SandboxProviders | WorkerConfig> =
  Layer.effect(
    SandboxPoints,
    Effect.gen(function* () {
      const providers = yield* SandboxProviders;
      const sandboxes = yield* Sandboxes;
      const { sandboxNameKey } = yield* WorkerConfig;
      const placeOf = Effect.fnUntraced(function* (threadId: ThreadId) {
        const provider = providers.of((yield* sandboxes.providerOf(threadId)) ?? providers.former);
        return { provider, name: yield* sandboxNameOf(threadId, sandboxNameKey) };
      });
      return {
        list: (threadId) => Effect.flatMap(placeOf(threadId), ({ provider, name }) => provider.listPoints(name)),
        compare: (threadId, id) =>
          Effect.flatMap(placeOf(threadId), ({ provider, name }) => provider.comparePoint(name, id)),
      };
    }),
  );
