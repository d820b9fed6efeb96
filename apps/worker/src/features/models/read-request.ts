import { Effect, Predicate } from "effect";
import { readBytes } from "../../http/body.ts";
import { ModelRequestError } from "./errors.ts";

/** Longest conversation that is taken, in bytes of JSON. */
const requestBytesMax = 16 * 1024 * 1024;

const isJsonObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  Predicate.isObject(value) && !Array.isArray(value);

/** What is asked of a model: its JSON, and what is in it. */
export interface ReadRequest {
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A request to a model. */
export const readRequest = Effect.fnUntraced(function* (request: Request) {
  const malformed = () => new ModelRequestError({ reason: "malformed" });
  const bytes = yield* Effect.tryPromise({ try: () => readBytes(request, requestBytesMax), catch: malformed });
  if (bytes === null) return yield* new ModelRequestError({ reason: "too large" });
  const text = new TextDecoder().decode(bytes);
  const body = yield* Effect.try({ try: (): unknown => JSON.parse(text), catch: malformed });
  return isJsonObject(body) ? { text, body } : yield* malformed();
});
