/** Text in pieces, each one event of the stream. What is to take its time comes from a generator that waits. */
export type Pieces = Iterable<string> | AsyncIterable<string>;

/** One thing the model does in an answer that it begins in good order. */
export type Step =
  | { readonly kind: "text" | "reasoning"; readonly pieces: Pieces }
  /** Calls a tool. `args` is what the model writes there: JSON, unless it is to be wrong. */
  | { readonly kind: "call"; readonly name: string; readonly args: string; readonly id?: string }
  /** Gives this reason for its end, and not the one that follows from what it did. */
  | { readonly kind: "finish"; readonly reason: string }
  /** Writes this into the stream as it is, and ends it there. */
  | { readonly kind: "raw"; readonly text: string }
  /** Ends with an error in the middle of the stream. */
  | { readonly kind: "error"; readonly body: unknown }
  /** Ends the stream in good order, but without a reason and without its last word. */
  | { readonly kind: "leave" }
  /** Breaks the connection. */
  | { readonly kind: "cut" }
  /** Says nothing more, and keeps the connection. */
  | { readonly kind: "silence" };

/** What the model answers to one call. */
export type Answer =
  | { readonly kind: "steps"; readonly steps: readonly Step[] }
  | {
      readonly kind: "refusal";
      readonly status: number;
      readonly body: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** A page, as a portal answers that stands in between. */
  | { readonly kind: "page" }
  /** Not even headers. */
  | { readonly kind: "nothing" };

export const steps = (...all: readonly Step[]): Answer => ({ kind: "steps", steps: all });

export const text = (...pieces: readonly string[]): Step => ({ kind: "text", pieces });

export const call = (name: string, args: unknown): Step => ({ kind: "call", name, args: JSON.stringify(args) });

/** A refusal in OpenAI's own shape. */
export const refusal = (
  status: number,
  error: { readonly message: string; readonly type?: string; readonly code?: string | number | null },
  headers: Readonly<Record<string, string>> = {},
): Answer => ({ kind: "refusal", status, body: { error: { param: null, code: null, ...error } }, headers });
