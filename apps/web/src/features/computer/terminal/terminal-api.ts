import {
  type RenameTerminal,
  type Terminal,
  type Terminals,
  terminalPositionParameter,
} from "@threadbox/contracts/terminal";
import { threadToken } from "@threadbox/contracts/thread-token";
import { useMemo } from "react";
import { pageConfig } from "../../../lib/request.ts";
import { readWireFailure } from "../../errors/index.ts";
import { useThreadTokens } from "../../thread-token/index.ts";

/** The worker's terminals of one thread. Everything rejects with a `WireFailure` where the worker refuses. */
export interface TerminalApi {
  list(): Promise<readonly Terminal[]>;
  /** Starts the sandbox where none runs. */
  open(): Promise<Terminal>;
  rename(id: string, title: string): Promise<Terminal>;
  close(id: string): Promise<void>;
  /** Where the terminal's socket is, for one attempt. */
  address(id: string, position: number): Promise<string>;
  /** The token was refused, or may have been: the next attempt brings a new one. */
  forgetToken(): void;
}

export const useTerminalApi = (threadId: string): TerminalApi => {
  const tokens = useThreadTokens();
  return useMemo(() => {
    const root = `${pageConfig().workerUrl}/api/sandbox/${threadId}/terminals`;
    const ask = (path: string, method: string, body?: unknown): Promise<Response> =>
      tokens.use(threadId, async (token) => {
        const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
        const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
        const response = await fetch(`${root}${path}`, init);
        if (!response.ok) throw await readWireFailure(response);
        return response;
      });
    return {
      list: async () => ((await (await ask("", "GET")).json()) as Terminals).terminals,
      open: async () => (await (await ask("", "POST")).json()) as Terminal,
      rename: async (id, title) =>
        (await (await ask(`/${id}`, "PUT", { title } satisfies RenameTerminal)).json()) as Terminal,
      close: async (id) => void (await ask(`/${id}`, "DELETE")),
      address: async (id, position) => {
        const url = new URL(`${root}/${id}/socket`.replace(/^http/, "ws"));
        url.searchParams.set(threadToken.queryParameter, await tokens.get(threadId));
        url.searchParams.set(terminalPositionParameter, String(position));
        return url.href;
      },
      forgetToken: () => tokens.forget(threadId),
    };
  }, [threadId, tokens]);
};
