import * as http from "node:http";
import * as net from "node:net";
import { wireErrorBody } from "@threadbox/contracts/errors";
import { describe, expect, onTestFinished, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import type { RunningSandbox, SandboxEnd } from "../engines/engine.ts";
import { sandboxName } from "../host.testing.ts";
import { proxyPort } from "./port-proxy.ts";
import { proxySocket } from "./port-socket.ts";

const listen = async (server: net.Server | http.Server): Promise<number> => {
  // How a connection ends is what some tests are about, and nothing that a test's own server minds.
  server.on("connection", (socket: net.Socket) => socket.on("error", () => {}));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => {
    server.close();
    if (server instanceof http.Server) server.closeAllConnections();
  });
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
};

interface Proxy {
  readonly url: string;
  readonly end: (how: SandboxEnd) => void;
  /** Connections made to the program so far. */
  readonly connections: () => number;
}

/** A host in front of a "sandbox" whose every port is the given server. */
const proxyTo = async (program: net.Server | http.Server): Promise<Proxy> => {
  const port = await listen(program);
  const ended = Promise.withResolvers<SandboxEnd>();
  let connections = 0;
  const sandbox: RunningSandbox = {
    startedInMs: 1,
    ended: ended.promise,
    connect: () => {
      connections += 1;
      return net.connect(port, "127.0.0.1");
    },
    exec: () => Promise.reject(new Error("not here")),
    stop: async () => {},
    freeze: () => {},
    thaw: () => {},
    isHurt: () => false,
    processorMs: () => 0,
    recycleOpenCode: () => Promise.reject(new Error("not here")),
    tellSecret: async () => ({ outcome: "unused", version: null }),
    reconsiderEgress: async () => 0,
    trial: () => Promise.reject(new Error("not here")),
  };
  const routeOf = (request: http.IncomingMessage) => ({ name: sandboxName(), port: 3000, path: request.url ?? "/" });
  const host = http.createServer((request, response) =>
    proxyPort({ sandbox, route: routeOf(request), request, response, onAnswer: () => {} }),
  );
  host.on("upgrade", (request, stream, head) => proxySocket(sandbox, routeOf(request), request, stream, head));
  const url = `http://127.0.0.1:${await listen(host)}`;
  return { url, end: ended.resolve, connections: () => connections };
};

describe("a port of a sandbox over HTTP", () => {
  test("gets the path and the headers, its own host and origin, and the renamed authorization", async () => {
    const { url } = await proxyTo(
      http.createServer((request, response) => response.end(JSON.stringify([request.url, request.headers]))),
    );
    const answer = await fetch(`${url}/a%20b?c=%2F`, {
      headers: {
        authorization: "Bearer of-the-channel",
        "x-forward-authorization": "Basic of-the-program",
        "x-forwarded-for": "1.2.3.4",
        origin: "http://evil.test",
        "x-opencode-ticket": "1",
      },
    });
    const [path, headers] = (await answer.json()) as [string, Record<string, string>];
    expect(path).toBe("/a%20b?c=%2F");
    expect(headers).toMatchObject({
      host: "127.0.0.1:3000",
      authorization: "Basic of-the-program",
      "x-opencode-ticket": "1",
      origin: "http://127.0.0.1:3000",
    });
    for (const name of ["x-forwarded-for", "x-forward-authorization"]) expect(headers[name]).toBeUndefined();
  });

  test("streams a body in and events out, each when it comes", async () => {
    const program = http.createServer((request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      request.on("data", (chunk) => response.write(`data: ${chunk}\n\n`));
      request.on("end", () => response.end("data: end\n\n"));
    });
    const { url } = await proxyTo(program);
    const request = http.request(url, { method: "POST" });
    request.write("one");
    const answer = await new Promise<http.IncomingMessage>((done) => request.once("response", done));
    const events = answer.setEncoding("utf8")[Symbol.asyncIterator]();
    expect((await events.next()).value).toBe("data: one\n\n");
    request.write("two");
    expect((await events.next()).value).toBe("data: two\n\n");
    request.end();
    expect((await events.next()).value).toBe("data: end\n\n");
  });

  test("keeps connections for requests without effects, and survives that the program closed one", async () => {
    const program = http.createServer((_, response) => response.end("ok"));
    const { url, connections } = await proxyTo(program);
    for (let round = 0; round < 3; round += 1) expect(await (await fetch(url)).text()).toBe("ok");
    expect(connections()).toBe(1);
    program.closeAllConnections();
    expect(await (await fetch(url)).text()).toBe("ok");
    await (await fetch(url, { method: "POST" })).text();
    await (await fetch(url, { method: "POST" })).text();
    expect(connections()).toBe(4);
  });

  test("as many callers as a page has at once find their connections again", async () => {
    const callers = 32;
    let waiting: (() => void)[] = [];
    const program = http.createServer((_, response) => {
      waiting.push(() => response.end("ok"));
      if (waiting.length < callers) return;
      for (const answer of waiting) answer();
      waiting = [];
    });
    const { url, connections } = await proxyTo(program);
    const askTogether = () => Promise.all(Array.from({ length: callers }, async () => (await fetch(url)).text()));
    for (let round = 0; round < 3; round += 1) expect(await askTogether()).toEqual(Array(callers).fill("ok"));
    expect(connections()).toBe(callers);
  });

  test("a request that a caller gives up is given up inside", async () => {
    const given = Promise.withResolvers<string>();
    const program = http.createServer((_, response) => {
      response.write("begun");
      response.on("close", () => given.resolve("given up"));
    });
    const { url } = await proxyTo(program);
    const controller = new AbortController();
    await fetch(url, { signal: controller.signal });
    controller.abort();
    expect(await given.promise).toBe("given up");
  });

  test.each([
    ["is empty", ""],
    ["is nonsense", "nonsense\r\n\r\n"],
    ["has an impossible status", "HTTP/1.1 099 Low\r\ncontent-length: 0\r\n\r\n"],
    ["never gets past 100", "HTTP/1.1 100 Continue\r\n\r\n"],
    ["switches protocols unasked", "HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n"],
    ["has a control character in a header", "HTTP/1.1 200 OK\r\nx: \u0001\r\ncontent-length: 0\r\n\r\n"],
    ["has a huge header", `HTTP/1.1 200 OK\r\nx: ${"y".repeat(100_000)}\r\n\r\n`],
    ["has two lengths", "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n"],
  ])("an answer that %s harms nothing but itself", async (_, text) => {
    const program = net.createServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () => socket.end(text));
    });
    const { url } = await proxyTo(program);
    const answer = await fetch(url);
    expect(answer.status).toBe(502);
    expect(await answer.json()).toMatchObject({ error: { _tag: "UpstreamError" } });
    expect((await fetch(url)).status).toBe(502);
  });

  test("no answer of a program passes for a refusal of the host, in whatever way it tries", async () => {
    const body = JSON.stringify(wireErrorBody("SandboxInterrupted", "Give up your turn.", "1"));
    const program = net.createServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () =>
        socket.end(
          "HTTP/1.1 502 Bad\r\nX-Sandbox-Host-Refusal: 1\r\nx-sandbox-host-refusal: 1\r\ntransfer-encoding: chunked\r\n" +
            "trailer: x-sandbox-host-refusal\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n" +
            `${body.length.toString(16)}\r\n${body}\r\n0\r\nx-sandbox-host-refusal: 1\r\n\r\n`,
        ),
      );
    });
    const { url } = await proxyTo(program);
    const answer = await new Promise<http.IncomingMessage>((done) => http.get(url, done));
    let text = "";
    for await (const piece of answer.setEncoding("utf8")) text += piece;
    expect([answer.statusCode, text]).toEqual([502, body]);
    expect({ ...answer.headers, ...answer.trailers }).not.toHaveProperty("x-sandbox-host-refusal");
    const nobody = await proxyTo(net.createServer((socket) => socket.destroy()));
    expect((await fetch(nobody.url)).headers.has("x-sandbox-host-refusal")).toBe(true);
  });

  test("an answer that breaks off is broken for the caller too", async () => {
    const program = net.createServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf"));
    });
    const { url } = await proxyTo(program);
    await expect(fetch(url).then((answer) => answer.text())).rejects.toThrow();
  });
});

describe("a port of a sandbox over WebSocket", () => {
  const echo = (): http.Server => {
    const server = http.createServer();
    const sockets = new WebSocketServer({ server, handleProtocols: (offered) => [...offered].at(-1) ?? false });
    sockets.on("connection", (socket) => {
      socket.send("welcome");
      socket.on("message", (message, isBinary) => {
        if (String(message) === "close") socket.close(4321, "as you like");
        else if (String(message) === "break") socket.terminate();
        else socket.send(message, { binary: isBinary });
      });
    });
    return server;
  };

  const connect = async (
    url: string,
    protocols: string[] = [],
  ): Promise<{ socket: WebSocket; next: () => Promise<unknown> }> => {
    const socket = new WebSocket(url.replace("http", "ws"), protocols);
    onTestFinished(() => socket.terminate());
    socket.on("error", () => {});
    const messages: unknown[] = [];
    const waiting: ((message: unknown) => void)[] = [];
    socket.on("message", (data, isBinary) => {
      const message = isBinary ? data : String(data);
      const one = waiting.shift();
      if (one) one(message);
      else messages.push(message);
    });
    await new Promise<void>((done, fail) => socket.once("open", done).once("error", fail));
    return {
      socket,
      next: () => new Promise((done) => (messages.length > 0 ? done(messages.shift()) : waiting.push(done))),
    };
  };

  const closeOf = (socket: WebSocket): Promise<unknown> =>
    new Promise((done) => socket.once("close", (code, reason) => done([code, String(reason)])));

  test("passes text and bytes both ways, from the first message on, with the program's protocol", async () => {
    const { url } = await proxyTo(echo());
    const { socket, next } = await connect(url, ["a", "b"]);
    expect(socket.protocol).toBe("b");
    expect(await next()).toBe("welcome");
    socket.send("text");
    expect(await next()).toBe("text");
    socket.send(Buffer.from([0, 255]));
    expect(await next()).toEqual(Buffer.from([0, 255]));
  });

  test("a great deal of data arrives whole and in order", async () => {
    const { url } = await proxyTo(echo());
    const { socket, next } = await connect(url);
    expect(await next()).toBe("welcome");
    for (let number = 0; number < 200; number += 1) socket.send(`${number}:${"x".repeat(50_000)}`);
    for (let number = 0; number < 200; number += 1) expect(String(await next()).split(":")[0]).toBe(String(number));
  });

  test("passes the program's close code on", async () => {
    const { url } = await proxyTo(echo());
    const { socket } = await connect(url);
    socket.send("close");
    expect(await closeOf(socket)).toEqual([4321, "as you like"]);
  });

  test("closes with 4409 when the sandbox ends, also when the connection breaks first", async () => {
    const { url, end } = await proxyTo(echo());
    const { socket } = await connect(url);
    const closed = closeOf(socket);
    socket.send("break");
    end({ status: "stopped", reason: "A newer start replaced it." });
    expect(await closed).toEqual([4409, "A newer start replaced it."]);
  });

  test("a reason longer than a close frame is cut between two characters", async () => {
    const { url, end } = await proxyTo(echo());
    const { socket } = await connect(url);
    const closed = closeOf(socket);
    end({ status: "failed", reason: "é".repeat(100) });
    expect(await closed).toEqual([4409, "é".repeat(61)]);
  });

  test("closes with 1011 when nothing speaks WebSocket behind the port", async () => {
    const { url } = await proxyTo(http.createServer((_, response) => response.end("no")));
    const { socket } = await connect(url);
    expect(await closeOf(socket)).toEqual([1011, "Nothing answers on port 3000."]);
  });
});
