import {
  type ChangeLogin,
  type LoginFlowId,
  type LoginId,
  type LoginList,
  loginPaths,
} from "@threadbox/contracts/logins";
import { type AccessToken, makeUserCall } from "../user-call/index.ts";

/** Longer than a listing waits for a change. */
const answerMsMax = 40_000;

/** What the page asks of the worker about logins. Each answers with the list as it is then, or rejects with a `WireFailure`. */
export interface LoginsApi {
  /** With `seen` it waits for another revision. */
  list(seen: number | null, signal: AbortSignal): Promise<LoginList>;
  /** Asks for a code in the sandbox of a thread of the user's, to connect that login again; null: another account. */
  connect(threadId: string, loginId: LoginId | null): Promise<LoginList>;
  cancel(flowId: LoginFlowId): Promise<LoginList>;
  change(loginId: LoginId, change: ChangeLogin): Promise<LoginList>;
  allowNewThreads(isForNewThreads: boolean): Promise<LoginList>;
  /** Asks OpenAI whether it takes the login. */
  test(loginId: LoginId): Promise<LoginList>;
  disconnect(loginId: LoginId): Promise<LoginList>;
}

export const makeLoginsApi = (getAccessToken: AccessToken): LoginsApi => {
  const call = makeUserCall(getAccessToken, answerMsMax);
  const ask = async (method: string, path: string, body?: object, signal?: AbortSignal) =>
    (await call(method, path, { ...(body === undefined ? {} : { body }), signal })) as LoginList;
  return {
    list: (seen, signal) => ask("GET", `${loginPaths.list}${seen === null ? "" : `?seen=${seen}`}`, undefined, signal),
    connect: (threadId, loginId) =>
      ask("POST", loginPaths.connect, { threadId, ...(loginId === null ? {} : { loginId }) }),
    cancel: (flowId) => ask("POST", loginPaths.cancel, { flowId }),
    change: (loginId, change) => ask("PATCH", loginPaths.change(loginId), change),
    allowNewThreads: (isForNewThreads) => ask("PATCH", loginPaths.list, { isForNewThreads }),
    test: (loginId) => ask("POST", loginPaths.test(loginId)),
    disconnect: (loginId) => ask("POST", loginPaths.disconnect(loginId), {}),
  };
};
