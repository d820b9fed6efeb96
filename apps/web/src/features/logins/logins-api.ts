import type { ChangeLogin, LoginFlowId, LoginId, LoginList } from "@threadbox/contracts/logins";
import { type LoginsBodies, loginsApi } from "@threadbox/contracts/logins-api";
import { fillPath } from "@threadbox/contracts/worker-api";
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
  const answer = async (...asked: Parameters<typeof call>) => (await call(...asked)) as LoginList;
  type Sent = "changeLogins" | "connectLogin" | "cancelLogin";
  const send = <Name extends Sent>(route: Name, body: LoginsBodies[Name]) =>
    answer(loginsApi[route].method, loginsApi[route].path, { body });
  type OfLogin = "changeLogin" | "testLogin" | "disconnectLogin";
  const sendTo = (route: OfLogin, loginId: LoginId, body?: LoginsBodies["changeLogin"]) =>
    answer(loginsApi[route].method, fillPath(loginsApi[route].path, { loginId }), body === undefined ? {} : { body });
  const { listLogins } = loginsApi;
  return {
    list: (seen, signal) =>
      answer(listLogins.method, `${listLogins.path}${seen === null ? "" : `?seen=${seen}`}`, { signal }),
    connect: (threadId, loginId) => send("connectLogin", { threadId, ...(loginId === null ? {} : { loginId }) }),
    cancel: (flowId) => send("cancelLogin", { flowId }),
    change: (loginId, change) => sendTo("changeLogin", loginId, change),
    allowNewThreads: (isForNewThreads) => send("changeLogins", { isForNewThreads }),
    test: (loginId) => sendTo("testLogin", loginId),
    disconnect: (loginId) => sendTo("disconnectLogin", loginId, {}),
  };
};
