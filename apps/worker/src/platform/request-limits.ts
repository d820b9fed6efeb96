import { Context, Effect, Layer } from "effect";
import type { Subject } from "./audit.ts";
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

/** The platform's own counters: one for all isolates of a place. While they cannot be asked, nobody is refused. */
export const requestLimitsLayer = (
  env: Pick<Env, "USER_READS" | "USER_COMMANDS" | "USER_VIEW_REQUESTS" | "USER_PROGRAMS" | "API_REQUESTS">,
): Layer.Layer<RequestLimits> => {
  const counters: Record<RequestKind, RateLimit> = {
    read: env.USER_READS,
    command: env.USER_COMMANDS,
    view: env.USER_VIEW_REQUESTS,
    visit: env.USER_VIEW_REQUESTS,
    program: env.USER_PROGRAMS,
    api: env.API_REQUESTS,
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
