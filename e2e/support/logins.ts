import { type ConnectState, connectStateOf, type LoginList } from "@threadbox/contracts/logins";
import { main } from "./addresses.ts";
import { rawRequest } from "./raw-request.ts";

/** A user's logins, asked for as the page asks. */
export const loginsOf = (accessToken: string) => {
  const send = async (method: string, path: string, body?: unknown): Promise<LoginList> => {
    const { status, text } = await rawRequest(`${main.workerUrl}${path}`, {
      method,
      headers: { origin: main.appOrigin, authorization: `Bearer ${accessToken}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (status !== 200) throw new Error(`${method} ${path} answered ${status}: ${text}`);
    return JSON.parse(text) as LoginList;
  };
  const until = async (...states: readonly ConnectState[]): Promise<LoginList> => {
    let list = await send("GET", "/api/logins");
    while (!states.includes(connectStateOf(list))) {
      if (list.flow?.state === "failed") throw new Error(`The flow has failed: ${list.flow.reason}`);
      list = await send("GET", `/api/logins?seen=${list.revision}`);
    }
    return list;
  };
  return { send, until };
};
