import { workerOperations } from "@threadbox/contracts/worker-api";
import { Effect, Redacted } from "effect";
import { WorkerConfig } from "../../config.ts";
import { refuser } from "../../http/failure.ts";
import type { Route } from "../../http/route.ts";
import { isSameSecret } from "../same-secret.ts";
import { Metrics } from "./metrics.ts";
import { prometheusText, prometheusType } from "./prometheus.ts";

const refused = refuser({
  TokenMissing: "The token of the metrics is needed.",
  TokenInvalid: "The token of the metrics is not valid, or this installation has none.",
});

const bearer = /^Bearer (\S+)$/;

/** What is measured, for whoever collects it. It names users, so it is for the operator alone. */
export const metricsRoute: Route<Metrics | WorkerConfig> = {
  ...workerOperations.readMetrics,
  audience: "machine",
  handle: Effect.fn("readMetrics")(function* ({ request }) {
    const { metricsToken } = yield* WorkerConfig;
    const given = bearer.exec(request.headers.get("authorization") ?? "")?.[1];
    if (given === undefined) return yield* refused("TokenMissing");
    if (metricsToken === null || !(yield* isSameSecret(given, Redacted.value(metricsToken))))
      return yield* refused("TokenInvalid");
    const metrics = yield* Metrics;
    const headers = { "content-type": prometheusType, "cache-control": "no-store" };
    return new Response(prometheusText(yield* metrics.read), { headers });
  }),
};
