export { ThreadTokensProvider, useThreadTokens } from "./use-thread-tokens.tsx";
