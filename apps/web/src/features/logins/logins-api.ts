import { type LoginFlowId, type LoginId, type LoginList, loginPaths } from "@threadbox/contracts/logins";
import { pageConfig } from "../../lib/request.ts";
import type { useLoginSession } from "../auth/index.ts";
import { readWireFailure, WireFailure } from "../errors/index.ts";

type AccessToken = ReturnType<typeof useLoginSession>["getAccessToken"];

/** Longer than a listing waits for a change. */
const answerMsMax = 40_000;

/** What the page asks of the worker about logins. Each answers with the list as it is then, or rejects with a `WireFailure`. */
export interface LoginsApi {
  /** With `seen` it waits for another revision. */
  list(seen: number | null, signal: AbortSignal): Promise<LoginList>;
  /** Asks for a code in the sandbox of a thread of the user's. */
  connect(threadId: string): Promise<LoginList>;
  cancel(flowId: LoginFlowId): Promise<LoginList>;
  allowNewThreads(isForNewThreads: boolean): Promise<LoginList>;
  disconnect(loginId: LoginId): Promise<LoginList>;
}

export const makeLoginsApi = (getAccessToken: AccessToken): LoginsApi => {
  const send = async (method: string, path: string, body?: object, signal?: AbortSignal, isRepeat = false) => {
    const timeout = AbortSignal.timeout(answerMsMax);
    const response = await fetch(`${pageConfig().workerUrl}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${await getAccessToken({ forceRefresh: isRepeat })}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      body: body === undefined ? null : JSON.stringify(body),
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
    if (response.ok) return (await response.json()) as LoginList;
    const failure = await readWireFailure(response);
    if (failure.tag === "TokenExpired" && !isRepeat) return send(method, path, body, signal, true);
    throw failure;
  };
  const ask = async (
    ...wish: [method: string, path: string, body?: object, signal?: AbortSignal]
  ): Promise<LoginList> => {
    try {
      return await send(...wish);
    } catch (error) {
      throw error instanceof WireFailure ? error : new WireFailure("UpstreamTimeout", "");
    }
  };
  return {
    list: (seen, signal) => ask("GET", `${loginPaths.list}${seen === null ? "" : `?seen=${seen}`}`, undefined, signal),
    connect: (threadId) => ask("POST", loginPaths.connect, { threadId }),
    cancel: (flowId) => ask("POST", loginPaths.cancel, { flowId }),
    allowNewThreads: (isForNewThreads) => ask("PATCH", loginPaths.list, { isForNewThreads }),
    disconnect: (loginId) => ask("POST", loginPaths.disconnect(loginId), {}),
  };
};
