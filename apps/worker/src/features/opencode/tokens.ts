import { Predicate } from "effect";

const countAt = (record: unknown, key: string): number => {
  const count = Predicate.hasProperty(record, key) ? Number(record[key]) : 0;
  return Number.isSafeInteger(count) && count > 0 ? count : 0;
};

/** Tokens of one answer as OpenCode stores them: read, written and taken from a cache. Whatever else is said counts as none. */
export const tokensOf = (tokens: unknown): number => {
  const cache = Predicate.hasProperty(tokens, "cache") ? tokens.cache : undefined;
  const written = ["input", "output", "reasoning"].map((key) => countAt(tokens, key));
  const cached = ["read", "write"].map((key) => countAt(cache, key));
  return countAt(tokens, "total") || [...written, ...cached].reduce((sum, count) => sum + count, 0);
};

/** Tokens of a whole turn; nothing where its model does not tell. */
export const turnTokens = ({
  messages,
}: {
  readonly messages: readonly { readonly tokens: number }[];
}): { readonly tokens?: number } => {
  const tokens = messages.reduce((sum, message) => sum + message.tokens, 0);
  return tokens === 0 ? {} : { tokens };
};
