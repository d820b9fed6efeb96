import type { IssuedThreadToken } from "@threadbox/contracts/thread-token";
import { createContext, type ReactNode, useContext, useState } from "react";
import { useLoginSession } from "../auth/index.ts";
import { readWireFailure } from "../errors/index.ts";
import { withRenewal } from "./renewal.ts";
import { ThreadTokens } from "./thread-tokens.ts";

const ask = async (threadId: string, accessToken: string): Promise<IssuedThreadToken> => {
  // The caller of server functions is needed by threads only.
  const { issueThreadToken } = await import("./issue.functions.ts");
  const response = await issueThreadToken({ data: { threadId }, headers: { authorization: `Bearer ${accessToken}` } });
  if (!response.ok) throw await readWireFailure(response);
  const { token, expiresInSeconds }: IssuedThreadToken = await response.json();
  return { token, expiresInSeconds };
};

const ThreadTokensContext = createContext<ThreadTokens | null>(null);

export const useThreadTokens = (): ThreadTokens => {
  const tokens = useContext(ThreadTokensContext);
  if (tokens === null) throw new Error("useThreadTokens needs ThreadTokensProvider above it.");
  return tokens;
};

export function ThreadTokensProvider({ children }: { readonly children: ReactNode }) {
  const { getAccessToken } = useLoginSession();
  const [tokens] = useState(
    () =>
      new ThreadTokens({
        now: () => performance.now(),
        fetchToken: (threadId) =>
          withRenewal(
            { get: getAccessToken, renew: () => getAccessToken({ forceRefresh: true }) },
            async (accessToken) => await ask(threadId, accessToken),
          ),
      }),
  );
  return <ThreadTokensContext value={tokens}>{children}</ThreadTokensContext>;
}
