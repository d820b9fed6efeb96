import { once } from "node:events";
import { createServer } from "node:http";

/** What stands for a service of somebody else's. */
export interface Double {
  readonly fetch: (request: Request) => Promise<Response>;
}

/** Lets a double answer on that port of this machine, piece by piece, until it is stopped. */
export const serveDouble = async (double: Double, port: number): Promise<{ readonly stop: () => Promise<void> }> => {
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const headers = Object.entries(incoming.headers).map(([name, value]): [string, string] => [name, String(value)]);
    const request = new Request(`http://double.test${incoming.url}`, {
      method: incoming.method ?? "GET",
      headers,
      ...(chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }),
    });
    const answer = await double.fetch(request);
    outgoing.writeHead(answer.status, Object.fromEntries(answer.headers));
    for await (const piece of answer.body ?? []) {
      if (!outgoing.write(piece)) await once(outgoing, "drain");
    }
    outgoing.end();
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
