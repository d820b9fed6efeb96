import { Effect, Schema } from "effect";
import { readBytes } from "../../http/body.ts";
import { isDeeperThan } from "../../platform/json-depth.ts";
import { answerBytesMax, answerDepthMax } from "./bounds.ts";
import { SandboxUnavailableError } from "./errors.ts";

export const unreachable = (cause: unknown) =>
  new SandboxUnavailableError({ reason: "Can't reach the sandbox service.", cause: String(cause) });

/** `what`: the part of the answer that went past its bound. */
export const excessive = (what: string) =>
  new SandboxUnavailableError({ reason: "The sandbox sent more than is accepted.", cause: `too much: ${what}` });

/** The text of an answer within the bound; what goes past it is not read. */
export const readAnswer = Effect.fnUntraced(function* (response: Response, bytesMax = answerBytesMax) {
  const bytes = yield* Effect.tryPromise({ try: () => readBytes(response, bytesMax), catch: unreachable });
  if (bytes !== null) return new TextDecoder().decode(bytes);
  yield* Effect.promise(async () => response.body?.cancel().catch(() => {}));
  return yield* excessive("bytes of an answer");
});

/** An answer in JSON, bounded in length and depth before it is parsed. */
export const readJsonAnswer = <S extends Schema.ConstraintDecoder<unknown>>(schema: S) => {
  const decode = Schema.decodeUnknownEffect(schema);
  return Effect.fnUntraced(function* (response: Response): Effect.fn.Return<S["Type"], SandboxUnavailableError> {
    const text = yield* readAnswer(response);
    if (isDeeperThan(text, answerDepthMax)) return yield* excessive("depth of an answer");
    const body = yield* Effect.try({ try: (): unknown => JSON.parse(text), catch: unreachable });
    return yield* Effect.mapError(decode(body), unreachable);
  });
};
