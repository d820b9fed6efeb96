export { threadFetch } from "./thread-fetch.ts";
export { ThreadTokensProvider, useThreadTokens } from "./use-thread-tokens.tsx";
