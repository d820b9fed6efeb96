import { type IncomingMessage, request } from "node:http";

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly text: string;
}

export interface RawRequest {
  readonly method?: string;
  /** Sent as they stand, also those that a browser or `fetch` would refuse to send. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
  /** Path and query as they stand on the request line, where they must not be normalised. */
  readonly path?: string;
}

const read = async (response: IncomingMessage): Promise<RawAnswer> => {
  let text = "";
  for await (const chunk of response.setEncoding("utf8")) text += chunk;
  return { status: response.statusCode ?? 0, headers: response.headers, text };
};

/**
 * One request without a browser's manners, to this machine whatever the name in the address. An upgrade that is
 * granted answers 101 and is closed at once.
 */
export const rawRequest = (address: string, { method = "GET", headers = {}, body, path }: RawRequest = {}) =>
  new Promise<RawAnswer>((resolve, reject) => {
    const url = new URL(address);
    const outgoing = request({
      hostname: "127.0.0.1",
      port: url.port,
      method,
      path: path ?? `${url.pathname}${url.search}`,
      headers: { host: url.host, ...headers },
      agent: false,
    });
    outgoing.once("response", (response) => read(response).then(resolve, reject));
    outgoing.once("upgrade", (response, socket) => {
      socket.destroy();
      resolve({ status: response.statusCode ?? 0, headers: response.headers, text: "" });
    });
    outgoing.once("error", reject);
    outgoing.end(body);
  });

/** What a browser sends to open a WebSocket. */
export const upgradeHeaders = {
  connection: "Upgrade",
  upgrade: "websocket",
  "sec-websocket-version": "13",
  "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
};

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
