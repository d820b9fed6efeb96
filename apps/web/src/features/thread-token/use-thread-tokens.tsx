import { type IssuedThreadToken, type IssueThreadToken, webApi } from "@threadbox/contracts/web-api";
import { createContext, type ReactNode, useContext, useState } from "react";
import { useLoginSession } from "../auth/index.ts";
import { readWireFailure } from "../errors/index.ts";
import { withRenewal } from "./renewal.ts";
import { ThreadTokens } from "./thread-tokens.ts";

const ask = async (threadId: string, accessToken: string): Promise<IssuedThreadToken> => {
  const { method, path } = webApi.issueThreadToken;
  const response = await fetch(path, {
    method,
    headers: { authorization: `Bearer ${accessToken}`, "content-type": "application/json" },
    body: JSON.stringify({ threadId } satisfies IssueThreadToken),
  });
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
