import { Option, Schema } from "effect";

/** The shape in which OpenAI-compatible endpoints explain themselves. */
const UpstreamError = Schema.fromJsonString(
  Schema.Struct({
    error: Schema.Struct({
      message: Schema.String,
      type: Schema.optionalKey(Schema.NullOr(Schema.String)),
      code: Schema.optionalKey(Schema.NullOr(Schema.Union([Schema.String, Schema.Number]))),
    }),
  }),
);
const decodeUpstreamError = Schema.decodeUnknownOption(UpstreamError);

const messageLengthMax = 1000;
const keyLike = /\b(?:sk|pk|key|api)[-_][A-Za-z0-9*._-]{6,}/g;
const redacted = "[redacted]";

/** Providers like to repeat the key they were shown, whole or in part. */
const withoutKeys = (text: string, key: string | null): string => {
  const plain = key === null || key === "" ? text : text.replaceAll(key, redacted);
  return plain.replace(keyLike, redacted).slice(0, messageLengthMax);
};

/** What a sandbox is told of a refusal: status, the provider's own words without any key, and nothing else. */
export const upstreamErrorBody = (status: number, text: string, key: string | null) => {
  const { message, type, code } = Option.match(decodeUpstreamError(text), {
    onNone: () => ({
      message: `The model provider answered with status ${status}.`,
      type: "upstream_error",
      code: null,
    }),
    onSome: ({ error }) => error,
  });
  return {
    error: {
      message: withoutKeys(message, key),
      type: withoutKeys(type ?? "upstream_error", key),
      code: typeof code === "string" ? withoutKeys(code, key) : (code ?? null),
    },
  };
};
