import { request } from "node:http";
import type { Duplex } from "node:stream";

/** A stream or socket that stays open until the other side ends it. */
export interface HeldStream {
  readonly status: number;
  /** When it ended, by `performance.now()`. */
  readonly endedAt: Promise<number>;
}

const closeFrame = 0x88;

const endOf = (stream: NodeJS.ReadableStream, isSocket: boolean): Promise<number> =>
  new Promise((resolve) => {
    const end = () => resolve(performance.now());
    for (const event of ["end", "close", "error"]) stream.once(event, end);
    stream.on("data", (bytes: Buffer) => {
      if (isSocket && bytes[0] === closeFrame) end();
    });
  });

/** Asks without a browser's manners, and holds on to what answers. */
export const holdStream = (address: string, headers: Readonly<Record<string, string>>): Promise<HeldStream> =>
  new Promise((resolve, reject) => {
    const { host, port, pathname, search } = new URL(address);
    const options = { hostname: "127.0.0.1", port, path: pathname + search, headers: { host, ...headers } };
    const outgoing = request({ ...options, agent: false });
    outgoing.once("response", (response) =>
      resolve({ status: response.statusCode ?? 0, endedAt: endOf(response, false) }),
    );
    outgoing.once("upgrade", (response, socket: Duplex) =>
      resolve({ status: response.statusCode ?? 0, endedAt: endOf(socket, true) }),
    );
    outgoing.once("error", reject);
    outgoing.end();
  });
