import { waitUntil } from "cloudflare:workers";
import { Context, Duration, Effect, Layer } from "effect";
import { log } from "../log.ts";
import { metricsBookRef } from "../refs.ts";
import type { Measure } from "./series.ts";
import type { MetricsSnapshot } from "./snapshot.ts";

/** Where anything is measured. Nothing waits for it, and nothing fails with it. */
export interface MetricsShape {
  note(...measures: readonly Measure[]): Effect.Effect<void>;
  readonly read: Effect.Effect<MetricsSnapshot>;
}

export class Metrics extends Context.Service<Metrics, MetricsShape>()("threadbox/worker/platform/Metrics") {}

export const metricsLayer = (env: Pick<Env, "METRICS_BOOK">): Layer.Layer<Metrics> =>
  Layer.succeed(Metrics, {
    note: (...measures) =>
      Effect.sync(() => {
        const handover = Effect.tryPromise(() => metricsBookRef(env).note(measures)).pipe(
          Effect.catch(() => Effect.sync(() => log("metrics.lost", { tag: "Internal" }))),
        );
        waitUntil(Effect.runPromise(handover));
      }),
    read: Effect.promise(async () => metricsBookRef(env).read()),
  });

/** Has a work's time noted in seconds, once it has succeeded. */
export const timed =
  (note: (seconds: number) => Effect.Effect<void>) =>
  <A, E, R>(work: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.timed(work).pipe(
      Effect.tap(([took]) => note(Duration.toMillis(took) / 1000)),
      Effect.map(([, value]) => value),
    );
