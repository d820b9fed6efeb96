import { readWireFailure } from "../errors/index.ts";
import type { ThreadTokens } from "./thread-tokens.ts";

/** `fetch` with a token of the thread, its text being JSON; what is not done rejects with a `WireFailure`. */
export const threadFetch = (
  tokens: ThreadTokens,
  threadId: string,
  url: string,
  init: RequestInit = {},
): Promise<Response> => {
  const type = typeof init.body === "string" ? { "content-type": "application/json" } : {};
  return tokens.use(threadId, async (token) => {
    const response = await fetch(url, { ...init, headers: { authorization: `Bearer ${token}`, ...type } });
    if (!response.ok) throw await readWireFailure(response);
    return response;
  });
};
