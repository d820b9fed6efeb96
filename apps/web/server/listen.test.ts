import { once } from "node:events";
import type { Server } from "node:http";
import { connect } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { answer } from "./answer.ts";
import { webEnvironment } from "./config.testing.ts";
import { decodeWebConfig } from "./config.ts";
import { listen } from "./listen.ts";

const config = decodeWebConfig(webEnvironment);
const host = new URL(config.appOrigin).host;
let server: Server;

const start = async (patience: Partial<Parameters<typeof listen>[0]["patience"]> = {}): Promise<number> => {
  const generous = { headersMs: 60_000, requestMs: 60_000, silenceMs: 60_000, checkEveryMs: 20 };
  return new Promise((resolve) => {
    server = listen({
      port: 0,
      fetch: (request) => answer(request, config, async () => new Response("page")),
      onListening: resolve,
      patience: { ...generous, ...patience },
    });
  });
};

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const callHead = (more: string) =>
  `POST /api/thread-token HTTP/1.1\r\nhost: ${host}\r\norigin: ${config.appOrigin}\r\n` +
  `sec-fetch-site: same-origin\r\ncontent-type: application/json\r\n${more}\r\n\r\n`;

/** Says that on a connection of its own; resolves to all that was answered when the server has closed it. */
const untilClosed = (port: number, words: string): Promise<string> => {
  const socket = connect(port, "127.0.0.1");
  let answered = "";
  socket.setEncoding("utf8").on("data", (part) => (answered += part));
  // A server that closes before all was sent resets the connection; what it said stays said.
  socket.on("error", () => undefined);
  socket.write(words);
  return new Promise((resolve) => socket.once("close", () => resolve(answered)));
};

const tagOf = (answered: string): unknown =>
  JSON.parse(answered.slice(answered.indexOf("{")).split("\r\n")[0] ?? "").error._tag;

describe("the web server's connections", () => {
  test("a body without length and without end is refused beyond the limit, and the connection closed", async () => {
    const port = await start();
    const chunks = `4000\r\n${"x".repeat(0x4000)}\r\n`.repeat(5);
    const answered = await untilClosed(port, `${callHead("transfer-encoding: chunked")}${chunks}`);
    expect(answered).toMatch(/^HTTP\/1\.1 413 /);
    expect(answered).toMatch(/\r\nconnection: close\r\n/i);
    expect(tagOf(answered)).toBe("BodyTooLarge");
  });

  test("as many cookies as a browser keeps for a site neither close the app nor stay", async () => {
    const port = await start();
    const cookies = Array.from({ length: 180 }, (_, each) => `bomb${each}=${"x".repeat(4_000)}`).join("; ");
    const get = (cookie: string) =>
      untilClosed(port, `GET / HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\ncookie: ${cookie}\r\n\r\n`);
    const answered = await get(cookies);
    expect(answered).toMatch(/^HTTP\/1\.1 200 /);
    expect(answered).toMatch(/\r\nclear-site-data: "cookies"\r\n/i);
    expect(await get("theme=dark")).not.toMatch(/clear-site-data/i);
  });

  test("whoever is refused before the whole body has come is not read further", async () => {
    const port = await start();
    const answered = await untilClosed(port, callHead("content-length: 5000000"));
    expect(answered).toMatch(/^HTTP\/1\.1 413 /);
    expect(answered).toMatch(/\r\nconnection: close\r\n/i);
  });

  test("a refused client that goes away at once harms nobody", async () => {
    const port = await start();
    const socket = connect(port, "127.0.0.1");
    socket.write(callHead("content-length: 5000000"));
    await once(socket, "data");
    socket.destroy();
    await once(socket, "close");
    const later = await untilClosed(port, callHead("content-length: 5000000"));
    expect(later).toMatch(/^HTTP\/1\.1 413 /);
  });

  test("a call that has come whole leaves the connection open for the next", async () => {
    const port = await start();
    const body = JSON.stringify({ threadId: "abc" });
    const head = callHead(`content-length: ${body.length}`);
    const answered = await untilClosed(
      port,
      `${head}${body}GET /health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`,
    );
    expect(answered.match(/HTTP\/1\.1 200/g)).toHaveLength(2);
  });

  test.each(["//", "///", "http://[", "//[::1", "*", "\u0080"])(
    "an odd target %s is answered, as an upgrade too",
    async (target) => {
      const port = await start();
      for (const more of ["", "upgrade: websocket\r\n"]) {
        const head = `GET ${target} HTTP/1.1\r\nhost: ${host}\r\nconnection: close, upgrade\r\n${more}\r\n`;
        expect(await untilClosed(port, head)).toMatch(/^HTTP\/1\.1 [2-4]\d\d /);
      }
      expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200);
    },
  );

  test("headers that never end are not waited for", async () => {
    const port = await start({ headersMs: 100 });
    expect(await untilClosed(port, `GET / HTTP/1.1\r\nhost: ${host}\r\nx-a: b\r\n`)).toMatch(/^HTTP\/1\.1 408 /);
  });

  test("a body that comes too slowly is not waited for, and the others are answered meanwhile", async () => {
    const port = await start({ headersMs: 100, requestMs: 200 });
    const slow = untilClosed(port, `${callHead("transfer-encoding: chunked")}1\r\n{\r\n`);
    expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200);
    expect(await slow).toMatch(/^HTTP\/1\.1 408 /);
  });

  test("a connection on which nothing is said is closed", async () => {
    const port = await start({ silenceMs: 100 });
    expect(await untilClosed(port, "")).toBe("");
  });
});
