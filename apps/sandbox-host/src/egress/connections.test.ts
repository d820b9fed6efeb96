import { once } from "node:events";
import * as http from "node:http";
import * as net from "node:net";
import type { Duplex } from "node:stream";
import { expect, onTestFinished, test } from "vitest";
import { listen, openRelay, workerDouble } from "./relay.testing.ts";

const connect = (proxy: string, host: string): Promise<{ status: number; tunnel: Duplex }> =>
  new Promise((done, fail) => {
    http
      .request(proxy, { agent: false, method: "CONNECT", path: `${host}:443` })
      .once("connect", (answer, tunnel: Duplex) => {
        onTestFinished(() => void tunnel.destroy());
        done({ status: answer.statusCode ?? 0, tunnel: tunnel.on("error", () => {}) });
      })
      .once("error", fail)
      .end();
  });

const open = async () => {
  const port = await listen(net.createServer((socket) => socket.on("error", () => {}).pipe(socket)));
  const worker = await workerDouble(() => {});
  const { relay, proxy } = await openRelay(worker.url, { port });
  const say = async (tunnel: Duplex, text: string): Promise<string> => {
    tunnel.write(text);
    return String(await once(tunnel, "data"));
  };
  return { ...worker, relay, say, connect: (host: string) => connect(proxy, host) };
};

test("a tunnel to a host that is not allowed any more ends with the word of it, and others go on", async () => {
  const { relay, verdicts, connect, say } = await open();
  verdicts["other.test"] = { verdict: "tunnel" };
  const [{ tunnel }, { tunnel: other }] = [await connect("open.test"), await connect("other.test")];
  expect(await say(tunnel, "hello")).toBe("hello");
  const ended = once(tunnel, "close");
  verdicts["open.test"] = { verdict: "deny", reason: "Not any more.", cause: "unlisted" };
  expect(await relay.reconsider()).toBe(1);
  await ended;
  expect(await say(other, "still here")).toBe("still here");
  expect((await connect("open.test")).status).toBe(403);
});

test("a host that was refused a moment ago is reached with the word that it is allowed", async () => {
  const { relay, verdicts, connect, say } = await open();
  expect((await connect("late.test")).status).toBe(403);
  verdicts["late.test"] = { verdict: "tunnel" };
  expect((await connect("late.test")).status).toBe(403);
  await relay.reconsider();
  const { status, tunnel } = await connect("late.test");
  expect([status, await say(tunnel, "hello")]).toEqual([200, "hello"]);
});

test("a tunnel ends too when its host is to be intercepted from now on", async () => {
  const { relay, verdicts, connect } = await open();
  const { tunnel } = await connect("open.test");
  const ended = once(tunnel, "close");
  verdicts["open.test"] = { verdict: "intercept" };
  await relay.reconsider();
  await ended;
});

test("nothing ends because the worker is away", async () => {
  const { relay, server, connect, say } = await open();
  const { tunnel } = await connect("open.test");
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  expect(await relay.reconsider()).toBe(0);
  expect(await say(tunnel, "still here")).toBe("still here");
});

test("an answer that the worker gave before a change is not the one that counts after it", async () => {
  const { relay, verdicts, server, connect } = await open();
  // The answer is under way when the change comes.
  const held = Promise.withResolvers<void>();
  const answering = Promise.withResolvers<void>();
  const [answer] = server.listeners("request") as [(...parts: unknown[]) => void];
  server.removeAllListeners("request");
  server.once("request", async (_, response: http.ServerResponse) => {
    answering.resolve();
    await held.promise;
    response.end(JSON.stringify({ verdict: "tunnel" }));
    server.on("request", answer);
  });
  const connected = connect("open.test");
  await answering.promise;
  verdicts["open.test"] = { verdict: "deny", reason: "Not any more.", cause: "unlisted" };
  await relay.reconsider();
  held.resolve();
  expect((await connected).status).toBe(403);
});
