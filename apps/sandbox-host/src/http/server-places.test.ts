import { createServer } from "node:http";
import * as net from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { execResult, fakeEngine } from "../engines/engine.testing.ts";
import { authorization, ensureBody, sandboxName } from "../host.testing.ts";
import { idleAfterMs } from "../sandboxes/place-decision.ts";
import { listen, openControlChannel } from "./server.testing.ts";

/** One place, one sandbox in it, and a program of the test's behind its ports. Asking for the place passes time. */
const openFull = async () => {
  const program = createServer((_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" }).write("data: begun\n\n");
  });
  const sockets = new WebSocketServer({ server: program });
  sockets.on("connection", (socket) => socket.send("begun"));
  onTestFinished(() => {
    for (const socket of sockets.clients) socket.terminate();
  });
  const { port } = new URL(await listen(program));
  const begun = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<typeof execResult>();
  const engine = fakeEngine({
    isInstant: true,
    connect: () => net.connect(Number(port), "127.0.0.1"),
    exec: () => {
      begun.resolve();
      return ended.promise;
    },
  });
  const clock = { now: 0 };
  const host = await openControlChannel(engine, { runningMax: 1, now: () => clock.now });
  const at = `/sandboxes/${sandboxName()}`;
  await host.request(at, { method: "PUT", body: ensureBody(1) });
  const other = `/sandboxes/${sandboxName()}`;
  /** Another sandbox asks for the place a long time later. */
  const askForPlace = () => {
    clock.now += 2 * idleAfterMs;
    return host.request(other, { method: "PUT", body: ensureBody(1) });
  };
  return { host, at, engine, askForPlace, programBegun: begun.promise, endProgram: () => ended.resolve(execResult) };
};

describe("a machine whose places are all in use", () => {
  test("answers a start with SandboxStarting, when to ask again, and a sentence", async () => {
    const { host, at, askForPlace } = await openFull();
    const events = await host.request(`${at}/ports/4096/event`);
    const answer = await askForPlace();
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "2"]);
    expect(await answer.json()).toMatchObject({
      error: {
        _tag: "SandboxStarting",
        retryable: true,
        message: "Waiting for a free sandbox: next in line.",
      },
    });
    await events.body?.cancel();
  });

  test("keeps a sandbox for as long as one of its streams is open, and no longer", async () => {
    const { host, at, askForPlace, engine } = await openFull();
    const control = new AbortController();
    await host.request(`${at}/ports/4096/event`, { signal: control.signal });
    for (let round = 0; round < 3; round += 1) expect((await askForPlace()).status).toBe(503);
    expect(engine.starts).toHaveLength(1);
    control.abort();
    await expect.poll(async () => (await askForPlace()).status).toBe(200);
    expect(await host.json(at)).toMatchObject({ status: "stopped", reason: expect.stringContaining("Asleep") });
  });

  test("keeps it for an open WebSocket", async () => {
    const { host, at, askForPlace } = await openFull();
    const url = `${host.url.replace("http", "ws")}/v1${at}/ports/4096/pty`;
    const socket = new WebSocket(url, { headers: authorization }).on("error", () => {});
    await new Promise((done) => socket.once("message", done));
    expect((await askForPlace()).status).toBe(503);
    socket.close();
    await expect.poll(async () => (await askForPlace()).status).toBe(200);
  });

  test("keeps it for a program under way", async () => {
    const { host, at, askForPlace, programBegun, endProgram } = await openFull();
    const answer = host.request(`${at}/exec`, { method: "POST", body: JSON.stringify({ argv: ["sleep", "600"] }) });
    await programBegun;
    expect((await askForPlace()).status).toBe(503);
    endProgram();
    await answer;
    expect((await askForPlace()).status).toBe(200);
  });

  test("does not count looking at a sandbox, or at its files, as use", async () => {
    const { host, at, askForPlace } = await openFull();
    await host.json(at);
    await host.json("/sandboxes");
    await host.request(`${at}/entries`);
    expect((await askForPlace()).status).toBe(200);
  });
});
