import { Effect, Schema } from "effect";
import { readBytes } from "./body.ts";
import { RequestRefusedError } from "./failure.ts";
import type { RouteRequest } from "./route.ts";

/** Of a body that holds a few names and switches. */
export const smallBody = { bytesMax: 4_096 } as const;

/**
 * Reads a JSON body of that shape, so many bytes at most. `words` say what it must be, and are all that is said of one
 * that isn't: what it holds may be a secret. No body at all counts as `whenEmpty`, where that is given.
 */
export const jsonBody = <S extends Schema.Top & { readonly DecodingServices: never }>(
  schema: S,
  words: string,
  { bytesMax, whenEmpty }: { readonly bytesMax: number; readonly whenEmpty?: S["Type"] },
) => {
  const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(schema));
  const bad = () => new RequestRefusedError({ wireTag: "ValidationError", message: words });
  return Effect.fnUntraced(function* ({ request }: RouteRequest) {
    const bytes = yield* Effect.tryPromise({ try: () => readBytes(request, bytesMax), catch: bad });
    if (bytes === null)
      return yield* new RequestRefusedError({ wireTag: "BodyTooLarge", message: "The request is too large." });
    if (bytes.byteLength === 0 && whenEmpty !== undefined) return whenEmpty;
    return yield* Effect.mapError(decode(new TextDecoder().decode(bytes)), bad);
  });
};
