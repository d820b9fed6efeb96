import { connect as openSocket } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { api } from "../../fixture/_generated/api.js";
import { seededRandom, seedOf } from "../functions/runtime/seeded-random.ts";
import { type Fixture, startFixture, testOrigin } from "../server.testing.ts";

/** How many requests are made up: some each time, as many as are asked for on demand. */
const requests = Number(process.env.CONVEX_FUZZ_REQUESTS ?? 400);
const atOnce = 16;
/** A server may wait for the rest of what it was sent; a stranger does not. */
const patienceMs = 250;

const methods = ["GET", "POST", "PUT", "OPTIONS", "HEAD", "CONNECT", "PATCH", "", "G E T", "\u0000"];
const targets = [
  ...[
    "/",
    "//",
    "/api/query",
    "/api/mutation",
    "/api/action",
    "/api/function",
    "/api/1.48.0/sync",
    "/api/sync",
    "/http/echo",
  ],
  ...["/api/storage/upload", "/api/storage/x", "/metrics", "/health", "/api/stream_function_logs?cursor=NaN", "*"],
  ...[
    "http://[",
    "/%",
    "/api/%00/sync",
    "/api/../../etc/passwd",
    "/http/%ff",
    "?",
    "/api/query?\u00ff",
    "/".repeat(9_000),
  ],
];
const headers = [
  ...["Host: a", `Origin: ${testOrigin}`, "Origin: null", "Authorization: Bearer x.y.z", "Authorization: Convex a:b"],
  ...[
    "Authorization: Bearer ",
    "Content-Type: application/json",
    "Content-Length: 5",
    "Content-Length: -1",
    "Content-Length: x",
  ],
  ...[
    "Transfer-Encoding: chunked",
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Upgrade: h2c",
    "Sec-WebSocket-Version: 13",
  ],
  ...[
    "Sec-WebSocket-Version: 99",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Key: !",
    "Expect: 100-continue",
  ],
  ...["Range: bytes=9-1", "Digest: sha-256=x", "Convex-Client: \u00ff", ": ", "x", `X: ${"y".repeat(20_000)}`],
];
const bodies = [
  ...[
    "",
    "{}",
    "[",
    "null",
    '{"path":"counters:get"}',
    '{"path":"counters:get","args":[{"name":1}]}',
    "\u0000\u0001\u00ff",
  ],
  ...[
    '{"path":"_system/cli/tables","args":{}}',
    '{"path":7}',
    '{"path":":","args":null}',
    "5\r\nhello\r\n0\r\n\r\n",
    "-1\r\n",
  ],
  ...[
    '{"path":"counters:increment","format":"convex_encoded_json","args":[{"name":{"$integer":"!"}}]}',
    "[".repeat(5_000),
  ],
  // Frames of a WebSocket: a text without a mask, one that is too long, a close, a continuation of nothing.
  ...[
    "\u0081\u0002{}",
    "\u0081\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff",
    "\u0088\u0080\u0000\u0000\u0000\u0000",
    "\u0000\u0080\u0000\u0000\u0000\u0000",
  ],
];

const madeUp = (random: () => number): Buffer => {
  const one = (from: readonly string[]): string => from[Math.floor(random() * from.length)] ?? "";
  // Every second one has so few headers that what stands behind them is looked at too.
  const some = Array.from({ length: Math.floor(random() * (random() < 0.5 ? 3 : 8)) }, () => one(headers));
  const text = `${one(methods)} ${one(targets)} HTTP/1.1\r\n${some.join("\r\n")}\r\n\r\n${one(bodies)}`;
  const bytes = Buffer.from(text, "latin1");
  // One in three is damaged besides.
  for (let damage = Math.floor(random() * 12) - 8; damage > 0; damage -= 1) {
    bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
  }
  return bytes;
};

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture.close());

/** Resolves when the server has hung up, or has had time to. */
const send = (bytes: Buffer): Promise<void> =>
  new Promise((resolve) => {
    const socket = openSocket(Number(new URL(fixture.url).port), "127.0.0.1", () => socket.write(bytes));
    socket.setTimeout(patienceMs, () => socket.destroy());
    socket.on("data", () => undefined);
    socket.on("error", () => undefined);
    socket.on("close", () => resolve());
  });

test(
  "no request and no upgrade ends the process, whatever is in it",
  async () => {
    const ends: unknown[] = [];
    const note = (thrown: unknown): void => void ends.push(thrown);
    process.on("uncaughtException", note);
    process.on("unhandledRejection", note);
    const random = seededRandom(seedOf("requests"));
    let left = requests;
    const strangers = Array.from({ length: atOnce }, async () => {
      while (left > 0) {
        left -= 1;
        await send(madeUp(random));
      }
    });
    await Promise.all(strangers);
    expect(await fixture.http().mutation(api.counters.increment, { name: "after the fuzz" })).toBe(1);
    process.off("uncaughtException", note);
    process.off("unhandledRejection", note);
    expect(ends).toEqual([]);
  },
  120_000 + requests * 50,
);
