import { Schema } from "effect";
import { ProgramDecision } from "./codemode.ts";
import { programRunLimits } from "./program-run-limits.ts";

/** What programs of a thread have done, and those that are kept to be run again. */

export const SnippetId = Schema.String.check(Schema.isPattern(/^[A-Za-z0-9_-]{16,64}$/)).pipe(
  Schema.brand("SnippetId"),
);
export type SnippetId = typeof SnippetId.Type;

/**
 * What a receipt says, as JSON, in this order of its fields. Hashes are SHA-256, in hexadecimal. `before`: the hash of the receipt
 * before it, empty for the first.
 */
export const ReceiptText = Schema.Struct({
  sequence: Schema.Int,
  runId: Schema.String,
  /** Milliseconds since 1970. */
  at: Schema.Number,
  durationMs: Schema.Number,
  program: Schema.String,
  /** What it was run with; absent: nothing. */
  arguments: Schema.optionalKey(Schema.Json),
  calls: Schema.Array(
    Schema.Struct({ tool: Schema.String, args: Schema.String, refusal: Schema.optionalKey(Schema.String) }),
  ),
  decision: Schema.optionalKey(ProgramDecision),
  /** What a person was asked about: each file by the hash of its new content (null: removed), each request by that of its body. */
  files: Schema.Array(Schema.Struct({ path: Schema.String, content: Schema.NullOr(Schema.String) })),
  requests: Schema.Array(
    Schema.Struct({
      method: Schema.String,
      host: Schema.String,
      path: Schema.String,
      body: Schema.NullOr(Schema.String),
    }),
  ),
  /** Of requests that were allowed: what was answered, the text by its hash. */
  sent: Schema.optionalKey(
    Schema.Array(Schema.Struct({ status: Schema.NullOr(Schema.Int), text: Schema.NullOr(Schema.String) })),
  ),
  end: Schema.Literals(["returned", "failed"]),
  /** Of the result as JSON, or of the error. */
  result: Schema.String,
  before: Schema.String,
});
export type ReceiptText = typeof ReceiptText.Type;

/** A receipt as it is kept: its text to the letter, and the hash of that. */
export const Receipt = Schema.Struct({ text: Schema.String, hash: Schema.String });
export type Receipt = typeof Receipt.Type;

export const Snippet = Schema.Struct({
  snippetId: SnippetId,
  name: Schema.String,
  program: Schema.String,
  createdAt: Schema.Number,
});
export type Snippet = typeof Snippet.Type;

/** Answer of `GET /api/codemode/:threadId/runs`. */
export const ProgramRuns = Schema.Struct({
  /** All that are kept, oldest first: a chain. */
  receipts: Schema.Array(Receipt),
  /** Newest first. */
  snippets: Schema.Array(Snippet),
});
export type ProgramRuns = typeof ProgramRuns.Type;

/** Body of `POST /api/codemode/:threadId/snippets`: the program of that run, under a name. */
export const KeepSnippet = Schema.Struct({
  name: Schema.String.check(Schema.isMinLength(1), Schema.isMaxLength(programRunLimits.nameLengthMax)),
  sequence: Schema.Int,
});
export type KeepSnippet = typeof KeepSnippet.Type;

/** Body of `POST /api/codemode/:threadId/snippets/:snippetId/run`; the last event of the answer is a `ProgramReport`. */
export const RunSnippet = Schema.Struct({ arguments: Schema.optionalKey(Schema.Json) });
export type RunSnippet = typeof RunSnippet.Type;
