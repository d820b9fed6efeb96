import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, RequestListener } from "node:http";
import type { Terminals } from "./terminals.ts";

const bodyBytesMax = 4096;

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/** Whether a request shows the key. */
export const showsKey = ({ headers }: IncomingMessage, key: string): boolean =>
  timingSafeEqual(digest(headers.authorization ?? ""), digest(`Bearer ${key}`));

/** What a request is about. */
export interface Route {
  /** Null: all of them. */
  readonly id: string | null;
  readonly isSocket: boolean;
  readonly position: number;
}

/** Null for an address that is none of ours. */
export const routeOf = (url = ""): Route | null => {
  const address = URL.parse(url, "http://terminals");
  if (address === null) return null;
  const { pathname, searchParams } = address;
  const found = /^\/terminals(?:\/(pty_[A-Za-z0-9]{1,64})(\/socket)?)?$/.exec(pathname);
  if (found === null) return null;
  const position = Number(searchParams.get("position") ?? "");
  return {
    id: found[1] ?? null,
    isSocket: found[2] !== undefined,
    position: Number.isSafeInteger(position) ? position : 0,
  };
};

const readTitle = async (request: IncomingMessage): Promise<string> => {
  let text = "";
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > bodyBytesMax) throw new RangeError("The body is too long.");
  }
  const { title } = JSON.parse(text) as { readonly title?: unknown };
  if (typeof title !== "string") throw new TypeError("A terminal has a title.");
  return title;
};

interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

const answer = async (terminals: Terminals, request: IncomingMessage): Promise<Answer> => {
  const route = routeOf(request.url);
  if (route === null || route.isSocket) return { status: 404 };
  const { method } = request;
  if (route.id === null) {
    if (method === "GET") return { status: 200, body: { terminals: terminals.list().map(({ state }) => state) } };
    if (method === "POST") return { status: 200, body: terminals.open(await readTitle(request)).state };
    return { status: 405 };
  }
  const terminal = terminals.find(route.id);
  if (terminal === undefined) return { status: 404 };
  if (method === "DELETE") {
    terminals.close(terminal);
    return { status: 204 };
  }
  if (method !== "PUT") return { status: 405 };
  terminal.title = await readTitle(request);
  return { status: 200, body: terminal.state };
};

/** Lists, opens, renames and closes terminals for whoever shows the key. */
export const onRequest =
  (terminals: Terminals, key: string): RequestListener =>
  (request, response) => {
    const answered = showsKey(request, key) ? answer(terminals, request) : Promise.resolve({ status: 401 });
    answered
      .catch((): Answer => ({ status: 400 }))
      .then(({ status, body }: Answer) => {
        response.writeHead(status, { "content-type": "application/json" });
        response.end(body === undefined ? undefined : JSON.stringify(body));
      });
  };
