import { Schema } from "effect";
import { Generation, ThreadId } from "./ids.ts";
import { egressDenyCauses } from "./journal.ts";

/**
 * How whatever carries a sandbox's requests out (the sandbox host's relay) asks the worker, which decides about all of
 * them. All routes want the control channel's bearer token and the sandbox in `sandboxHeader`; all refuse a generation
 * that has ended.
 *
 * | POST decisionPath | EgressQuestion → EgressAnswer                                                  |
 * | POST callPath     | a request of a program to an intercepted host → the answer for that program    |
 * | GET  callPath     | the same, for a WebSocket                                                      |
 * | POST tallyPath    | EgressTallies → 204: what was done with connections since the last time        |
 *
 * In a call `headHeader` holds method, address and headers of the program's request (`EgressRequestHead`), and in the
 * answer, whose own status is 200, those of the answer for it (`EgressResponseHead`); bodies are the bodies, and stream.
 * An answer without it is the worker's own refusal, a `WireErrorBody`, and reaches the program as it is.
 */
export const egressApi = {
  decisionPath: "/internal/egress/decision",
  callPath: "/internal/egress/call",
  tallyPath: "/internal/egress/tally",
  sandboxHeader: "x-egress-sandbox",
  headHeader: "x-egress-head",
} as const;

/** A header's value can't hold every character that a header of somebody else may: JSON, in base64url. */
const inHeader = <S extends Schema.Top>(schema: S) =>
  Schema.StringFromBase64Url.pipe(Schema.decodeTo(Schema.fromJsonString(schema)));

/** Whose request it is. */
export const EgressSandbox = Schema.Struct({ threadId: ThreadId, generation: Generation });
export const EgressSandboxHeader = inHeader(EgressSandbox);
export type EgressSandbox = typeof EgressSandbox.Type;

/** A name as DNS has it, in lower case; addresses are none, and neither are names without a dot. */
export const EgressHost = Schema.String.check(
  Schema.isPattern(/^(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/),
);

export const EgressQuestion = Schema.Struct({ host: EgressHost });

const DenyCause = Schema.Literals(egressDenyCauses);

/**
 * `tunnel`: bytes pass untouched to a public address of that host. `intercept`: the connection's encryption ends at the
 * relay, and its requests are calls. `deny`: with the sentence that the program is told.
 */
export const EgressAnswer = Schema.Union([
  Schema.Struct({ verdict: Schema.Literals(["tunnel", "intercept"]) }),
  Schema.Struct({ verdict: Schema.Literal("deny"), reason: Schema.String, cause: DenyCause }),
]);
export type EgressAnswer = typeof EgressAnswer.Type;

/** How many tallies one request tells of. */
export const egressTalliesMax = 64;

/** Connections that were decided alike, from the first to the last of them in milliseconds since 1970. */
export const EgressTally = Schema.Struct({
  /** Null: what names no host, and hosts beyond a bound. */
  host: Schema.NullOr(EgressHost),
  verdict: Schema.Literals(["tunnel", "intercept", "deny"]),
  /** Of those that were refused. */
  cause: Schema.optionalKey(DenyCause),
  count: Schema.Int.check(Schema.isGreaterThanOrEqualTo(1)),
  firstAt: Schema.Int,
  lastAt: Schema.Int,
});
export type EgressTally = typeof EgressTally.Type;

export const EgressTallies = Schema.Struct({
  tallies: Schema.Array(EgressTally).check(Schema.isMaxLength(egressTalliesMax)),
});

const Headers = Schema.Array(Schema.Tuple([Schema.String, Schema.String]));

const EgressRequestHead = Schema.Struct({
  method: Schema.String.check(Schema.isPattern(/^[A-Z]{1,20}$/)),
  host: EgressHost,
  /** Path and query, as the program sent them. */
  path: Schema.String.check(Schema.isPattern(/^\/[\x21-\x7e]*$/)),
  headers: Headers,
});
export type EgressRequestHead = typeof EgressRequestHead.Type;
export const EgressRequestHeader = inHeader(EgressRequestHead);

const EgressResponseHead = Schema.Struct({ status: Schema.Int, headers: Headers });
export type EgressResponseHead = typeof EgressResponseHead.Type;
export const EgressResponseHeader = inHeader(EgressResponseHead);
