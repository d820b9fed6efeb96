import type { ServiceMutations, ServiceQueries } from "@threadbox/contracts/convex-service";
import { type ErrorTag, isErrorTag } from "@threadbox/contracts/errors";
import { Context, Effect, Layer, Schedule, Schema } from "effect";
import { WorkerConfig } from "../config.ts";
import { Outbound } from "./outbound.ts";
import { makeServiceTokens } from "./service-token.ts";

/** Convex did not answer, or answered that it cannot now. The call may or may not have taken effect. */
export class ConvexUnavailableError extends Schema.TaggedError<ConvexUnavailableError>()("ConvexUnavailableError", {
  path: Schema.String,
  cause: Schema.String,
}) {
  readonly wireTag: ErrorTag = "StoreUnavailable";
  override get message() {
    return "Can't reach the database right now.";
  }
}

/**
 * The function ran and failed, or Convex did not run it for this caller. `tag` is set where it threw a ConvexError of the
 * error table, `status` where Convex answered with one from 400 to 499.
 */
export class ConvexFunctionError extends Schema.TaggedError<ConvexFunctionError>()("ConvexFunctionError", {
  path: Schema.String,
  tag: Schema.NullOr(Schema.String),
  detail: Schema.String,
  status: Schema.optionalKey(Schema.Int),
}) {
  get wireTag(): ErrorTag {
    return isErrorTag(this.tag) ? this.tag : "Internal";
  }
  override get message() {
    return "The database refused the request.";
  }
}

export type ConvexError = ConvexUnavailableError | ConvexFunctionError;

/** JSON values; Convex's int64, bytes and special floats are not needed here. */
type ConvexArgs = Readonly<Record<string, unknown>>;

export interface ConvexClientShape {
  /** Retried a few times; a query has no effect. Convex has checked the answer by its own validators. */
  query<P extends keyof ServiceQueries>(
    path: P,
    args: ServiceQueries[P]["args"],
  ): Effect.Effect<ServiceQueries[P]["result"], ConvexError>;
  /** Retried a few times, so only functions that are idempotent may be called: every service mutation is. */
  mutation<P extends keyof ServiceMutations>(path: P, args: ServiceMutations[P]): Effect.Effect<boolean, ConvexError>;
}

export class ConvexClient extends Context.Service<ConvexClient, ConvexClientShape>()(
  "threadbox/worker/platform/ConvexClient",
) {}

const Answer = Schema.Union([
  Schema.Struct({ status: Schema.Literal("success"), value: Schema.Unknown }),
  Schema.Struct({
    status: Schema.Literal("error"),
    errorMessage: Schema.String,
    errorData: Schema.optionalKey(Schema.Unknown),
  }),
]);
const decodeAnswer = Schema.decodeUnknownEffect(Answer);
const TaggedData = Schema.Struct({ _tag: Schema.String });
const isTaggedData = Schema.is(TaggedData);

/** Convex's own status for a function that threw. */
const functionFailedStatus = 560;
const requestTimeout = "5 seconds";

const retries = Schedule.max([Schedule.exponential("100 millis").pipe(Schedule.jittered), Schedule.recurs(2)]);

export const convexClientLayer: Layer.Layer<ConvexClient, never, WorkerConfig | Outbound> = Layer.effect(
  ConvexClient,
  Effect.gen(function* () {
    const config = yield* WorkerConfig;
    const outbound = yield* Outbound;
    const tokens = makeServiceTokens(config.serviceTokenPrivateJwk);

    const call = Effect.fn("ConvexClient.call")(function* (kind: "query" | "mutation", path: string, args: ConvexArgs) {
      const token = yield* tokens.current;
      const unavailable = (cause: unknown) => new ConvexUnavailableError({ path, cause: String(cause) });
      const { status, body } = yield* Effect.tryPromise({
        try: async (signal) => {
          const response = await outbound(`${config.convexUrl}/api/${kind}`, {
            method: "POST",
            redirect: "manual",
            signal,
            headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
            body: JSON.stringify({ path, format: "convex_encoded_json", args: [args] }),
          });
          const text = await response.text();
          const isAnswer = response.ok || response.status === functionFailedStatus;
          return { status: response.status, body: isAnswer ? (JSON.parse(text) as unknown) : null };
        },
        catch: unavailable,
      }).pipe(Effect.timeoutOrElse({ duration: requestTimeout, orElse: () => Effect.fail(unavailable("timeout")) }));
      if (status >= 400 && status < 500) {
        return yield* new ConvexFunctionError({ path, tag: null, detail: `status ${status}`, status });
      }
      if (body === null) return yield* unavailable(`status ${status}`);
      const answer = yield* Effect.mapError(decodeAnswer(body), unavailable);
      if (answer.status === "success") return answer.value;
      const tag = isTaggedData(answer.errorData) ? answer.errorData._tag : null;
      return yield* new ConvexFunctionError({ path, tag, detail: answer.errorMessage });
    });

    const withRetries = <A>(effect: Effect.Effect<A, ConvexError>) =>
      Effect.retry(effect, { schedule: retries, while: (error) => error._tag === "ConvexUnavailableError" });

    return {
      query: <P extends keyof ServiceQueries>(path: P, args: ServiceQueries[P]["args"]) =>
        Effect.map(withRetries(call("query", path, args)), (value) => value as ServiceQueries[P]["result"]),
      mutation: <P extends keyof ServiceMutations>(path: P, args: ServiceMutations[P]) =>
        Effect.map(withRetries(call("mutation", path, { ...args })), (value) => value === true),
    };
  }),
);
