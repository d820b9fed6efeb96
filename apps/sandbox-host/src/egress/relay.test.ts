import { randomBytes } from "node:crypto";
import { once } from "node:events";
import * as fs from "node:fs/promises";
import * as http from "node:http";
import * as net from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import type { Duplex } from "node:stream";
import { buffer, text } from "node:stream/consumers";
import { pino } from "pino";
import { describe, expect, onTestFinished, test } from "vitest";
import type { AskDecision } from "./ask-decision.ts";
import { listen } from "./relay.testing.ts";
import { type EgressRelayOptions, startEgressRelay } from "./relay.ts";
import { noTally } from "./tally.ts";
import { findTargetIn } from "./targets.ts";

const decide: AskDecision = async (host) =>
  host.startsWith("allowed") ? { verdict: "tunnel" } : { verdict: "deny", reason: "Not that one.", cause: "unlisted" };

const open = async (over: Partial<EgressRelayOptions>): Promise<string> => {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), "threadbox-egress-"));
  const socketPath = path.join(folder, "egress.sock");
  const relay = await startEgressRelay({
    socketPath,
    modelGatewayUrl: new URL("http://127.0.0.1:1/internal/model"),
    decisions: { ask: decide, askAlways: decide, forget: () => {} },
    findTarget: findTargetIn(new Map()),
    interception: { take: async (client) => void client.destroy() },
    tally: noTally,
    show: (headers) => headers,
    traffic: { note: () => {}, begin: () => () => {} },
    log: pino({ level: "silent" }),
    ...over,
  });
  onTestFinished(async () => {
    await relay.close();
    await fs.rm(folder, { recursive: true });
  });
  return socketPath;
};

const ask = (socketPath: string, options: http.RequestOptions, body = ""): Promise<http.IncomingMessage> =>
  new Promise((done, fail) => {
    http
      .request({ socketPath, agent: false, ...options })
      .once("response", done)
      .once("error", fail)
      .end(body);
  });

/** The status of the CONNECT, and the tunnel where there is one. */
const connect = (socketPath: string, authority: string): Promise<{ status: number; tunnel: Duplex }> =>
  new Promise((done, fail) => {
    http
      .request({ socketPath, agent: false, method: "CONNECT", path: authority })
      .once("connect", (answer, tunnel) => done({ status: answer.statusCode ?? 0, tunnel }))
      .once("error", fail)
      .end();
  });

describe("what is told of connections", () => {
  test("names the host and the verdict of each, and no address, path or port", async () => {
    const noted: unknown[] = [];
    const socketPath = await open({ tally: { ...noTally, note: (...note) => void noted.push(note) } });
    for (const authority of ["evil.test:443", "evil.test:80", "10.0.0.1:443"]) await connect(socketPath, authority);
    await ask(socketPath, { path: "http://Plain.test:80/path?secret" });
    await ask(socketPath, { path: "http://10.0.0.1/path" });
    await ask(socketPath, { path: "/model/v1/models" });
    await ask(socketPath, { path: "/somewhere" });
    expect(noted).toEqual([
      ["evil.test", "deny", "unlisted"],
      ["evil.test", "deny", "insecure"],
      [null, "deny", "nameless"],
      ["plain.test", "deny", "insecure"],
      [null, "deny", "nameless"],
    ]);
  });
});

/** Counts what a relay tells of its traffic. */
const watchTraffic = () => {
  const traffic = {
    noted: 0,
    waiting: 0,
    note: () => {
      traffic.noted += 1;
    },
    begin: () => {
      traffic.waiting += 1;
      let isOver = false;
      return () => {
        if (!isOver) traffic.waiting -= 1;
        isOver = true;
      };
    },
  };
  return traffic;
};

describe("what keeps a sandbox awake", () => {
  test("a request of a program's waits until it's answered, and then each piece of the answer is noted", async () => {
    const [head, piece] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const gateway = http.createServer(async (_, response) => {
      await head.promise;
      response.write("data: first\n\n");
      await piece.promise;
      response.end("data: last\n\n");
    });
    const modelGatewayUrl = new URL(`http://127.0.0.1:${await listen(gateway)}/`);
    const traffic = watchTraffic();
    const asked = ask(await open({ modelGatewayUrl, traffic }), { path: "/model/v1/models" });
    await expect.poll(() => traffic.waiting).toBe(1);
    head.resolve();
    const answer = await asked;
    expect(traffic.waiting).toBe(0);
    const events = answer.setEncoding("utf8")[Symbol.asyncIterator]();
    await events.next();
    const before = traffic.noted;
    expect(before).toBeGreaterThan(0);
    piece.resolve();
    expect((await events.next()).value).toBe("data: last\n\n");
    expect(traffic.noted).toBeGreaterThan(before);
  });

  test("a call that is given up waits no more", async () => {
    const asked = Promise.withResolvers<void>();
    const gateway = http.createServer(() => asked.resolve());
    const modelGatewayUrl = new URL(`http://127.0.0.1:${await listen(gateway)}/`);
    const traffic = watchTraffic();
    const socketPath = await open({ modelGatewayUrl, traffic });
    const call = http.request({ socketPath, agent: false, path: "/model/v1/models" });
    call.on("error", () => {}).end();
    await asked.promise;
    call.destroy();
    await expect.poll(() => traffic.waiting).toBe(0);
  });

  test("a tunnel's bytes are noted both ways, and its silence isn't", async () => {
    const peers: net.Socket[] = [];
    const port = await listen(net.createServer((socket) => void peers.push(socket)));
    const traffic = watchTraffic();
    const socketPath = await open({ traffic, findTarget: async () => ({ address: "127.0.0.1", port }) });
    const { tunnel } = await connect(socketPath, "allowed.test:443");
    const opened = traffic.noted;
    peers[0]?.write("from outside");
    expect(String((await tunnel[Symbol.asyncIterator]().next()).value)).toBe("from outside");
    const received = traffic.noted;
    expect(received).toBeGreaterThan(opened);
    tunnel.write("from inside");
    await expect.poll(() => traffic.noted).toBeGreaterThan(received);
    expect(traffic.waiting).toBe(0);
  });
});

describe("the egress relay", () => {
  test("passes the model's events on as they come", async () => {
    const go = Promise.withResolvers<void>();
    const gateway = http.createServer(async (_, response) => {
      response.write("data: first\n\n");
      await go.promise;
      response.end("data: last\n\n");
    });
    const modelGatewayUrl = new URL(`http://127.0.0.1:${await listen(gateway)}/internal/model/`);
    const answer = await ask(await open({ modelGatewayUrl }), { path: "/model/v1/chat/completions" });
    const events = answer.setEncoding("utf8")[Symbol.asyncIterator]();
    expect((await events.next()).value).toBe("data: first\n\n");
    go.resolve();
    expect((await events.next()).value).toBe("data: last\n\n");
  });

  test("leads to secrets at the gateway's own worker, and shows each way its own credential only", async () => {
    const seen: (readonly [string | undefined, string | undefined, string | string[] | undefined])[] = [];
    const worker = http.createServer(({ url, headers }, response) => {
      seen.push([url, headers.authorization, headers["x-internal-secret"]]);
      response.end("{}");
    });
    const modelGatewayUrl = new URL(`http://127.0.0.1:${await listen(worker)}/internal/model/`);
    const socketPath = await open({ modelGatewayUrl });
    const headers = { authorization: "Bearer model", "x-internal-secret": "of-this-start" };
    for (const [method, path] of [
      ["POST", "/internal/secrets"],
      ["GET", "/api/internal/secrets/NAME"],
      ["POST", "/model/v1/chat/completions"],
    ] as const) {
      (await ask(socketPath, { method, path, headers })).resume();
    }
    expect(seen).toEqual([
      ["/internal/secrets", undefined, "of-this-start"],
      ["/api/internal/secrets/NAME", undefined, "of-this-start"],
      ["/internal/model/v1/chat/completions", "Bearer model", undefined],
    ]);
  });

  test("a model call that is given up while the gateway is silent resets its connection", async () => {
    const asked = Promise.withResolvers<net.Socket>();
    const gateway = net.createServer((socket) => {
      socket.once("data", () => asked.resolve(socket));
    });
    const modelGatewayUrl = new URL(`http://127.0.0.1:${await listen(gateway)}/`);
    const call = http.request({ socketPath: await open({ modelGatewayUrl }), agent: false, path: "/model/v1/models" });
    call.on("error", () => {}).end();
    const socket = await asked.promise;
    const code = new Promise((done) => {
      socket.once("error", (error) => done("code" in error ? error.code : null)).once("end", () => done("ended"));
    });
    call.destroy();
    expect(await code).toBe("ECONNRESET");
  });

  test("a model call that the program gives up is given up at the gateway", async () => {
    const given = Promise.withResolvers<string>();
    const gateway = http.createServer((_, response) => {
      response.write("data: first\n\n");
      response.on("close", () => given.resolve("given up"));
    });
    const modelGatewayUrl = new URL(`http://127.0.0.1:${await listen(gateway)}/`);
    const answer = await ask(await open({ modelGatewayUrl }), { path: "/model/v1/chat/completions" });
    answer.destroy();
    expect(await given.promise).toBe("given up");
  });

  test("a gateway that is not there is an upstream error, with no word about where it is", async () => {
    const answer = await ask(await open({}), { path: "/model/v1/models" });
    const body = await text(answer);
    expect(answer.statusCode).toBe(502);
    expect(JSON.parse(body)).toMatchObject({ error: { _tag: "UpstreamError", retryable: true } });
    expect(body).not.toContain("127.0.0.1");
  });

  test("status and waiting time of a refusal by the gateway pass unchanged", async () => {
    const gateway = http.createServer((_, response) => response.writeHead(429, { "retry-after": "7" }).end("{}"));
    const modelGatewayUrl = new URL(`http://127.0.0.1:${await listen(gateway)}/`);
    const answer = await ask(await open({ modelGatewayUrl }), { path: "/model/v1/models" });
    expect([answer.statusCode, answer.headers["retry-after"]]).toEqual([429, "7"]);
  });

  test("a tunnel to an allowed host carries bytes both ways", async () => {
    const port = await listen(net.createServer((socket) => socket.pipe(socket)));
    const socketPath = await open({ findTarget: async () => ({ address: "127.0.0.1", port }) });
    const { status, tunnel } = await connect(socketPath, "allowed.test:443");
    expect(status).toBe(200);
    tunnel.write("hello");
    expect(String((await tunnel[Symbol.asyncIterator]().next()).value)).toBe("hello");
  });

  test("what a host sends through a tunnel arrives whole, and with it its end; a program that has ended is still answered", async () => {
    const sent = randomBytes(3 * 1024 * 1024);
    const asked: string[] = [];
    const far = net.createServer({ allowHalfOpen: true }, (socket) => {
      socket.on("data", (bytes) => asked.push(String(bytes)));
      socket.on("end", () => socket.end(sent));
    });
    const port = await listen(far);
    const { tunnel } = await connect(
      await open({ findTarget: async () => ({ address: "127.0.0.1", port }) }),
      "allowed.test:443",
    );
    tunnel.end("all of it");
    expect((await buffer(tunnel)).equals(sent)).toBe(true);
    expect(asked.join("")).toBe("all of it");
  });

  test("a tunnel whose host is cut off is cut off", async () => {
    const port = await listen(net.createServer((socket) => socket.once("data", () => socket.resetAndDestroy())));
    const socketPath = await open({ findTarget: async () => ({ address: "127.0.0.1", port }) });
    const { tunnel } = await connect(socketPath, "allowed.test:443");
    tunnel.on("error", () => {});
    tunnel.resume().write("hello");
    await once(tunnel, "close");
    expect(tunnel.destroyed).toBe(true);
  });

  test("no tunnel leads to a host that is not allowed, another port or an address that is not public", async () => {
    const socketPath = await open({});
    for (const authority of ["other.test:443", "allowed.test:22", "127.0.0.1:443"]) {
      expect((await connect(socketPath, authority)).status).toBe(403);
    }
    // Reserved names have no address at all, and this one always has the machine's own.
    for (const authority of ["allowed.invalid:443", "allowed.localhost:443"]) {
      expect((await connect(socketPath, authority)).status).toBe(502);
    }
  });

  test("an allowed host that cannot be reached is an upstream error", async () => {
    const server = net.createServer();
    const port = await listen(server);
    await new Promise((done) => server.close(done));
    const socketPath = await open({ findTarget: async () => ({ address: "127.0.0.1", port }) });
    expect((await connect(socketPath, "allowed.test:443")).status).toBe(502);
  });

  test("the log names each refused host once, no path and no credential, and no end of them", async () => {
    const lines: string[] = [];
    const socketPath = await open({ log: pino({}, { write: (line) => void lines.push(line) }) });
    const hosts = () =>
      lines.map((line) => JSON.parse(line)).map(({ event, method, host }) => [event, method, host].join(" "));
    for (const authority of ["one.test:443", "one.test:443", "secret@two.test:22"])
      await connect(socketPath, authority);
    await ask(socketPath, { path: "http://three.test/secret?secret" });
    expect(hosts()).toEqual([
      "egress.refused CONNECT one.test:443",
      "egress.refused CONNECT two.test:22",
      "egress.refused GET three.test",
    ]);
    expect(lines.join()).not.toContain("secret");
    for (let n = 0; n < 40; n++) await connect(socketPath, `host-${n}.test:443`);
    expect(hosts()).toHaveLength(20);
  });

  test("connections past the limit are cut, and the relay goes on", async () => {
    const socketPath = await open({});
    const sockets = Array.from({ length: 300 }, () => net.connect(socketPath).on("error", () => {}));
    const cut = await new Promise<number>((done) => {
      let count = 0;
      for (const socket of sockets) socket.on("close", () => ++count === 44 && done(count));
    });
    expect(cut).toBe(44);
    for (const socket of sockets) socket.destroy();
    await expect.poll(async () => (await ask(socketPath, { path: "/" }).catch(() => undefined))?.statusCode).toBe(403);
  });
});
