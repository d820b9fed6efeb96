import { createServer, type RequestListener } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { listen } from "../subjects/listen.ts";
import { load } from "./load.ts";

const serve = async (listener: RequestListener) => {
  const sockets = new Set<unknown>();
  const server = createServer(listener);
  server.on("connection", (socket) => sockets.add(socket));
  const port = await listen(server);
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return {
    plan: { url: `http://127.0.0.1:${port}/`, method: "POST", headers: {}, body: "hi", bytes: 5 } as const,
    sockets,
  };
};

test("a load makes exactly the requests it was asked for, over exactly its connections", async () => {
  let requests = 0;
  const { plan, sockets } = await serve((_, response) => {
    requests++;
    response.end("12345");
  });
  const { latenciesMs, faults } = await load({ ...plan, requests: 50, connections: 4 });
  expect([requests, latenciesMs.length, sockets.size]).toEqual([50, 50, 4]);
  expect(faults).toEqual({ "failed requests": 0, "wrong bytes": 0 });
});

test("a load counts answers that are refused, broken or of the wrong length", async () => {
  let requests = 0;
  const { plan } = await serve((_, response) => {
    requests++;
    if (requests === 1) response.writeHead(401).end("12345");
    else if (requests === 2) response.destroy();
    else response.end(requests === 3 ? "123" : "12345");
  });
  const { faults, latenciesMs } = await load({ ...plan, requests: 6, connections: 1 });
  expect(faults).toEqual({ "failed requests": 2, "wrong bytes": 1 });
  expect(latenciesMs).toHaveLength(4);
});

test("a load without a bound is refused", async () => {
  const { plan } = await serve((_, response) => response.end());
  await expect(load({ ...plan, requests: 1e9, connections: 1 })).rejects.toThrow("more than");
});
