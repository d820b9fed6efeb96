import { createHash, timingSafeEqual } from "node:crypto";
import type { Context } from "hono";
import type { Gauges, Measures } from "./measures.ts";
import { prometheusText, prometheusType } from "./prometheus.ts";

export interface MetricsOptions {
  readonly measures: Measures;
  readonly gauges: () => Gauges;
  /** What whoever collects them shows; null: nobody may. */
  readonly token: string | null;
}

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/** What is measured, for whoever collects it and shows the token. */
export const metricsRoute =
  ({ measures, gauges, token }: MetricsOptions) =>
  (context: Context): Response => {
    const [, given] = /^Bearer (\S+)$/.exec(context.req.header("authorization") ?? "") ?? [];
    if (given === undefined) {
      return context.json({ code: "TokenMissing", message: "The token of the metrics is needed." }, 401);
    }
    if (token === null || !timingSafeEqual(digest(token), digest(given))) {
      const message = "The token of the metrics is not valid, or this server has none.";
      return context.json({ code: "TokenInvalid", message }, 401);
    }
    return new Response(prometheusText(measures, gauges()), {
      headers: { "content-type": prometheusType, "cache-control": "no-store" },
    });
  };
