import { Context, Effect, Layer } from "effect";
import type { Subject } from "./audit.ts";
import { countInMemory, readCounts } from "./counts-in-memory.ts";
import { log } from "./log.ts";
import { RateLimitedError } from "./rate-limited.ts";

/**
 * `command`: changes something, or starts it. `view`: made by a page that a sandbox serves; `visit`: the same for whoever has
 * a preview link of that user's, so that visitors use up nothing of the user's own. `program`: runs one of a model. `api`: made with the API token, whoever it is for.
 */
export type RequestKind = "read" | "command" | "view" | "visit" | "program" | "api";

export interface RequestLimitsShape {
  /** Counts a request of that user; fails where there were too many of its kind. Touches no Durable Object of ours. */
  admit(kind: RequestKind, subject: Subject): Effect.Effect<void, RateLimitedError>;
}

export class RequestLimits extends Context.Service<RequestLimits, RequestLimitsShape>()(
  "threadbox/worker/platform/RequestLimits",
) {}

/** The periods of `ratelimits` in wrangler.jsonc: the platform does not tell how much of one is left. */
const periodSeconds: Record<RequestKind, number> = { read: 10, command: 60, view: 10, visit: 10, program: 60, api: 60 };

type CounterName = "USER_READS" | "USER_COMMANDS" | "USER_VIEW_REQUESTS" | "USER_PROGRAMS" | "API_REQUESTS";

/**
 * The platform's own counters: one for all isolates of a place. While they cannot be asked, nobody is refused. `REQUEST_COUNTS`
 * says, as JSON, which of them are counted in memory instead: where one process is the whole place.
 */
export const requestLimitsLayer = (
  env: Pick<Env, CounterName> & { readonly REQUEST_COUNTS?: string },
): Layer.Layer<RequestLimits> => {
  const counts = readCounts(env.REQUEST_COUNTS);
  const counterOf = (name: CounterName) => {
    const count = counts[name];
    return count === undefined ? env[name] : countInMemory(count, Date.now);
  };
  const view = counterOf("USER_VIEW_REQUESTS");
  const counters: Record<RequestKind, Pick<RateLimit, "limit">> = {
    read: counterOf("USER_READS"),
    command: counterOf("USER_COMMANDS"),
    view,
    visit: view,
    program: counterOf("USER_PROGRAMS"),
    api: counterOf("API_REQUESTS"),
  };
  return Layer.succeed(RequestLimits, {
    admit: Effect.fn("RequestLimits.admit")(function* (kind: RequestKind, subject: Subject) {
      const { success } = yield* Effect.tryPromise(() =>
        counters[kind].limit({ key: `${kind}:${subject.userId}` }),
      ).pipe(
        Effect.catch(() => {
          log("request.limits.unknown", { kind });
          return Effect.succeed({ success: true });
        }),
      );
      if (!success) return yield* new RateLimitedError({ retryAfterSeconds: periodSeconds[kind], subject });
    }),
  });
};
