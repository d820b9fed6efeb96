import { once } from "node:events";
import { connect as openSocket } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { api } from "../fixture/_generated/api.js";
import { type Fixture, signToken, startFixture, testOrigin } from "./server.testing.ts";
import { addQuery, modificationsOf, RawClient } from "./sync/raw-client.testing.ts";

const adminKey = "embedded|0123456789abcdef0123456789abcdef";
const metricsToken = "t".repeat(32);

type Attack = (url: string) => Promise<unknown>;

/** What the server says to a handshake, as a status. */
const upgrade =
  (path: string, headers: Record<string, string> = {}): Attack =>
  async (url) => {
    const socket = new WebSocket(`${url.replace("http", "ws")}${path}`, { headers });
    const [, { statusCode }] = await once(socket, "unexpected-response");
    return statusCode;
  };

/** What the server sends back on a plain connection until it hangs up. */
const raw =
  (text: string): Attack =>
  async (url) => {
    const socket = openSocket(Number(new URL(url).port), "127.0.0.1");
    let answer = "";
    socket.on("data", (bytes) => {
      answer += bytes.toString("latin1");
    });
    socket.on("error", () => undefined);
    socket.end(text);
    await once(socket, "close");
    return answer.split("\r\n")[0];
  };

/** Says these things on the sync protocol's socket; tells how it was closed. */
const closing =
  (...messages: readonly unknown[]): Attack =>
  async (url) => {
    const client = new RawClient(url);
    for (const message of messages) await client.send(message);
    return (await client.closed).code;
  };

const connecting = { type: "Connect", sessionId: "s", connectionCount: 0, lastCloseReason: null };
const request = (type: string, requestId: number, udfPath: string) => ({ type, requestId, udfPath, args: [{}] });

const http =
  (path: string, init: RequestInit): Attack =>
  async (url) =>
    (await fetch(`${url}${path}`, init)).status;
const post = (path: string, body: unknown, headers: Record<string, string> = {}): Attack =>
  http(path, { method: "POST", headers, body: typeof body === "string" ? body : JSON.stringify(body) });

/** What a function that is called so ends with. */
const failing =
  (path: string, args: unknown = {}): Attack =>
  async (url) => {
    const body = JSON.stringify({ path, args });
    const response = await fetch(`${url}/api/function`, { method: "POST", body });
    return ((await response.json()) as { errorMessage?: string }).errorMessage;
  };

const nested = `${"[".repeat(65)}${"]".repeat(65)}`;

/** What somebody does, and what it comes to. Meanwhile and afterwards everybody else is served. */
const attacks: readonly (readonly [what: string, attack: Attack, outcome: unknown])[] = [
  ["asks for an upgrade to //", upgrade("//"), 404],
  ["asks for an upgrade elsewhere", upgrade("/http/echo"), 404],
  ["opens a socket from another page", upgrade("/api/sync", { origin: "https://evil.test" }), 403],
  ["speaks no HTTP", raw("\u0016\u0003\u0001 hello\r\n\r\n"), "HTTP/1.1 400 Bad Request"],
  ["sends headers without an end", raw(`GET / HTTP/1.1\r\nx: ${"y".repeat(40_000)}`), expect.stringContaining("431")],
  ["says nothing on a socket", closing(), 1008],
  ["says too much of itself", closing({ ...connecting, sessionId: "s".repeat(70_000) }), 1008],
  ["begins with something else", closing(request("Mutation", 0, "counters:get")), 1008],
  ["says what is no JSON", closing(connecting, "{"), 1008],
  ["says what nobody knows", closing(connecting, { type: "Drop" }), 1008],
  ["claims to be of another year", closing({ ...connecting, maxObservedTimestamp: "//////////8=" }), 1011],
  [
    "shows a made-up token",
    closing(connecting, { type: "Authenticate", tokenType: "User", value: "x", baseVersion: 0 }),
    1008,
  ],
  [
    "shows a made-up key",
    closing(connecting, { type: "Authenticate", tokenType: "Admin", value: "x", baseVersion: 0 }),
    1008,
  ],
  [
    "asks for an internal function",
    async (url) => {
      const client = new RawClient(url);
      await client.connect("internal");
      await client.send(addQuery(0, 0, "counters:current", { name: "x" }));
      const [first] = modificationsOf(await client.next("Transition"));
      client.close();
      return first;
    },
    expect.objectContaining({ type: "QueryFailed" }),
  ],
  [
    "runs 257 actions at once",
    async (url) => {
      const client = new RawClient(url);
      await client.connect("actions");
      for (let id = 0; id < 257; id += 1) await client.send(request("Action", id, "endless:waitInAction"));
      const { success, result } = await client.next("ActionResponse");
      client.close();
      return [success, result];
    },
    [false, expect.stringContaining("RateLimited")],
  ],
  ["calls from another page", post("/api/query", { path: "counters:get" }, { origin: "https://evil.test" }), 403],
  ["sends 21 MiB", post("/api/mutation", "x".repeat(21 << 20)), 413],
  ["sends brackets without an end", post("/api/mutation", "[".repeat(100_000)), 400],
  [
    "asks with the key of another server",
    post("/api/query", { path: "x" }, { authorization: "Convex other|key" }),
    403,
  ],
  ["reads logs without a key", http("/api/stream_function_logs", {}), 401],
  ["reads metrics without a token", http("/metrics", {}), 401],
  ["exports without a key", post("/api/export/request/zip", {}), 401],
  ["pushes code without a key", post("/api/deploy2/start_push", {}), 401],
  ["uploads to an address that was made up", post("/api/storage/upload?token=x", "bytes"), 403],
  ["fetches a file that was made up", http("/api/storage/x", {}), 404],
  ["loops in a query", failing("endless:loop"), expect.stringContaining("timed out")],
  ["loops in a mutation", failing("endless:loopInMutation"), expect.stringContaining("timed out")],
  ["leaves a loop behind", failing("endless:leaveLoop"), undefined],
  [
    "asks with arguments of 65 levels",
    failing("values:echo", { value: JSON.parse(nested) }),
    expect.stringContaining("maximum 64 levels"),
  ],
  [
    "writes a document of 2 MiB",
    failing("values:storeText", { length: 2 << 20 }),
    expect.stringContaining("too large"),
  ],
  ["writes 16,001 documents", failing("limits:within", { count: 16_001, fails: false }), undefined],
  ["reaches into the file system by a path", http("/http/../../etc/passwd", {}), 404],
];

describe("whoever", () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture({
      adminKey,
      metricsToken,
      isDevelopment: true,
      connectTimeoutMs: 500,
      transactionCpuMs: 400,
      transactionTimeoutMs: 5_000,
    });
  });
  afterAll(() => fixture.close());

  let mutations = 0;
  /** Somebody else, in a page of the app's and signed in. */
  const bystander = async (): Promise<unknown> => {
    const headers = { origin: testOrigin, authorization: `Bearer ${await signToken()}` };
    const body = JSON.stringify({ path: "counters:increment", args: { name: "bystander" } });
    const response = await fetch(`${fixture.url}/api/mutation`, { method: "POST", headers, body });
    mutations += 1;
    return response.json();
  };

  test.each(attacks)("%s", async (_, attack, outcome) => {
    const attacked = attack(fixture.url);
    const meanwhile = bystander();
    expect(await attacked).toEqual(outcome);
    await meanwhile;
    await bystander();
    expect(await fixture.http().query(api.counters.get, { name: "bystander" })).toBe(mutations);
  });
});
