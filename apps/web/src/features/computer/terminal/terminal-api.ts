import { type ComputerAnswers, type ComputerBodies, computerApi } from "@threadbox/contracts/computer-api";
import { type Terminal, terminalPositionParameter } from "@threadbox/contracts/terminal";
import { threadToken } from "@threadbox/contracts/thread-token";
import { useMemo } from "react";
import { workerUrl } from "../../../lib/worker-url.ts";
import { threadFetch, useThreadTokens } from "../../thread-token/index.ts";

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
    const ask = (url: string, method: string, body?: unknown): Promise<Response> =>
      threadFetch(tokens, threadId, url, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    type Route = Extract<keyof typeof computerApi, `${string}Terminal${"" | "s"}`>;
    const urlOf = (route: Route, terminalId = "") => workerUrl(computerApi[route], { threadId, terminalId });
    const json = async <Name extends Route & keyof ComputerAnswers>(
      route: Name,
      terminalId?: string,
      body?: Name extends keyof ComputerBodies ? ComputerBodies[Name] : undefined,
    ): Promise<ComputerAnswers[Name]> => (await ask(urlOf(route, terminalId), computerApi[route].method, body)).json();
    return {
      list: async () => (await json("listTerminals")).terminals,
      open: () => json("openTerminal"),
      rename: (id, title) => json("renameTerminal", id, { title }),
      close: async (id) => void (await ask(urlOf("closeTerminal", id), computerApi.closeTerminal.method)),
      address: async (id, position) => {
        const url = new URL(urlOf("joinTerminal", id).replace(/^http/, "ws"));
        url.searchParams.set(threadToken.queryParameter, await tokens.get(threadId));
        url.searchParams.set(terminalPositionParameter, String(position));
        return url.href;
      },
      forgetToken: () => tokens.forget(threadId),
    };
  }, [threadId, tokens]);
};
