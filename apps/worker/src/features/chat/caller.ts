import type { UserId } from "@threadbox/contracts/ids";

/** Header by which the worker tells the thread's agent who is there; a client's own is never passed on. */
export const userHeader = "x-threadbox-user";

/** What an upgrade consists of, and what the SDK's client needs to be told apart. Nothing else reaches the agent. */
const passedHeaders = [
  "connection",
  "upgrade",
  "sec-websocket-extensions",
  "sec-websocket-key",
  "sec-websocket-version",
] as const;
const passedParameters = ["_pk"] as const;

/** The request as the agent sees it: without the token, and with the user it proved. */
export const asCaller = (request: Request, userId: UserId): Request => {
  const url = new URL(request.url);
  const parameters = passedParameters.flatMap((name) => {
    const value = url.searchParams.get(name);
    return value === null ? [] : [[name, value] as [string, string]];
  });
  url.search = new URLSearchParams(parameters).toString();
  const headers = new Headers({ [userHeader]: userId });
  for (const name of passedHeaders) {
    const value = request.headers.get(name);
    if (value !== null) headers.set(name, value);
  }
  return new Request(url, { method: "GET", headers });
};
