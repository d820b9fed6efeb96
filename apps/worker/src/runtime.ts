import { Layer, ManagedRuntime } from "effect";
import { configLayer } from "./config.ts";
import { sandboxesLayer } from "./features/sandbox/index.ts";
import { threadAccessLayer, threadTokensLayer } from "./features/threads/index.ts";
import { accessTokensLayer } from "./features/users/index.ts";
import { auditTrailLayer } from "./platform/audit.ts";
import { convexClientLayer } from "./platform/convex-client.ts";
import { requestLimitsLayer } from "./platform/request-limits.ts";

/**
 * Everything the routes need, from the worker's bindings. Building it does no IO, so that a runtime made in one
 * request may serve the next.
 */
export const makeWorkerRuntime = (env: Env) =>
  ManagedRuntime.make(
    Layer.mergeAll(
      sandboxesLayer(env),
      accessTokensLayer,
      threadTokensLayer,
      threadAccessLayer,
      auditTrailLayer,
      requestLimitsLayer(env),
    ).pipe(Layer.provide(convexClientLayer()), Layer.provideMerge(configLayer(env))),
  );

export type WorkerServices = ManagedRuntime.ManagedRuntime.Services<ReturnType<typeof makeWorkerRuntime>>;
