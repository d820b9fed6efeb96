import { execFile } from "node:child_process";
import * as net from "node:net";
import { promisify } from "node:util";
import { egressApi } from "@threadbox/contracts/egress";
import { describe, expect, test } from "vitest";
import { answerWith, listen, openRelay, workerDouble } from "./relay.testing.ts";

const run = promisify(execFile);

type Relay = Awaited<ReturnType<typeof openRelay>>;

const curl = async ({ proxy, bundle }: Relay, ...args: string[]) => {
  const { stdout } = await run("curl", ["-sS", "--max-time", "60", "--proxy", proxy, "--cacert", bundle, ...args]);
  return stdout;
};

/** What a program of Node's says that runs with the relay's environment. */
const node = async ({ proxy, certificate }: Relay, program: string) => {
  const env = { PATH: process.env.PATH, HTTPS_PROXY: proxy, NODE_USE_ENV_PROXY: "1", NODE_EXTRA_CA_CERTS: certificate };
  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", program], { env });
  return stdout;
};

describe("an intercepted host", () => {
  test("gets a program's request by way of the worker, which alone sees where the sandbox is and what was asked", async () => {
    const seen: unknown[] = [];
    const worker = await workerDouble(async ({ method, host, path, headers }, call, response) => {
      const body = await new Response(call).text();
      seen.push({
        method,
        host,
        path,
        token: new Headers([...headers].map(([n, v]) => [n, v])).get("authorization"),
        body,
      });
      seen.push([call.headers.authorization, typeof call.headers[egressApi.sandboxHeader]]);
      answerWith(response, { status: 201, headers: [["x-answer", "yes"]] }).end("made");
    });
    const relay = await openRelay(worker.url);
    const said = await curl(
      relay,
      "-i",
      "-H",
      "Authorization: Bearer phantom",
      "-d",
      "a=1",
      "https://api.test/v1/x?q=1",
    );
    expect(said).toMatch(/HTTP\/1\.1 201 [\s\S]*x-answer: yes[\s\S]*\r\n\r\nmade$/);
    expect(seen).toEqual([
      { method: "POST", host: "api.test", path: "/v1/x?q=1", token: "Bearer phantom", body: "a=1" },
      ["Bearer control-channel-token-of-the-tests", "string"],
    ]);
  });

  test("streams both ways: each piece arrives before the next one is sent", async () => {
    const worker = await workerDouble((_, call, response) => {
      answerWith(response, { status: 200, headers: [["content-type", "text/event-stream"]] });
      call.on("data", (chunk) => response.write(`data: ${chunk}\n\n`));
      call.on("end", () => response.end());
    });
    const said = await node(
      await openRelay(worker.url),
      `const pieces = ["one", "two", "three"];
       let next;
       const body = new ReadableStream({ start: (controller) => { next = () => {
         const piece = pieces.shift();
         if (piece === undefined) controller.close(); else controller.enqueue(new TextEncoder().encode(piece));
       } } });
       next();
       const answer = await fetch("https://api.test/", { method: "POST", body, duplex: "half" });
       let text = "";
       for await (const chunk of answer.body) { text += new TextDecoder().decode(chunk); next(); }
       console.log(JSON.stringify(text));`,
    );
    expect(JSON.parse(said)).toBe("data: one\n\ndata: two\n\ndata: three\n\n");
  });

  test("is asked about once for many requests on one connection, and cookies stay apart", async () => {
    const worker = await workerDouble((_, __, response) => {
      const cookies: [string, string][] = [
        ["set-cookie", "a=1"],
        ["set-cookie", "b=2"],
      ];
      answerWith(response, { status: 200, headers: cookies }).end("x");
    });
    const said = await curl(
      await openRelay(worker.url),
      "-w",
      "%{num_connects}",
      "-D",
      "-",
      "https://api.test/1",
      "https://api.test/2",
    );
    expect(said.match(/set-cookie: [ab]=\d/g)).toHaveLength(4);
    expect(said.endsWith("0")).toBe(true);
    expect(worker.asked).toEqual(["api.test"]);
  });

  test("passes the worker's own refusal on in the worker's words", async () => {
    const worker = await workerDouble((_, __, response) => {
      response.writeHead(403, { "content-type": "application/json", "x-internal": "no" }).end('{"error":"Not bound."}');
    });
    const said = await curl(await openRelay(worker.url), "-i", "https://api.test/");
    expect(said).toMatch(/HTTP\/1\.1 403 [\s\S]*\{"error":"Not bound\."\}$/);
    expect(said).not.toContain("x-internal");
  });

  test("is not reached by a request that names another host than its connection", async () => {
    let calls = 0;
    const worker = await workerDouble((_, __, response) => {
      calls += 1;
      response.end();
    });
    const said = await curl(await openRelay(worker.url), "-i", "-H", "Host: other.test", "https://api.test/");
    expect(said).toContain("HTTP/1.1 403");
    expect(calls).toBe(0);
  });

  test("a program that leaves ends the worker's call", async () => {
    const ended = Promise.withResolvers<string>();
    const worker = await workerDouble((_, call, response) => {
      answerWith(response, { status: 200, headers: [] }).write("first");
      call.socket.on("close", () => ended.resolve("ended"));
    });
    await node(
      await openRelay(worker.url),
      `const answer = await fetch("https://api.test/");
       for await (const _ of answer.body) process.exit(0);`,
    );
    expect(await ended.promise).toBe("ended");
  });

  test("a worker that breaks off is an answer of 502", async () => {
    const worker = await workerDouble((_, call) => void call.socket.destroy());
    const said = await curl(await openRelay(worker.url), "-i", "https://api.test/");
    expect(said).toContain("HTTP/1.1 502");
    expect(said).toContain("UpstreamError");
  });
});

describe("every other host", () => {
  test("is tunnelled with its own certificate where the worker says so, and refused in its words where it does not", async () => {
    const worker = await workerDouble(() => {});
    const echo = await listen(net.createServer((socket) => socket.pipe(socket)));
    const relay = await openRelay(worker.url, { port: echo });
    const { port } = new URL(relay.proxy);
    const connect = (host: string) =>
      new Promise<string>((done) => {
        const socket = net.connect(Number(port), "127.0.0.1", () =>
          socket.write(`CONNECT ${host}:443 HTTP/1.1\r\n\r\n`),
        );
        let text = "";
        socket.on("error", () => {});
        socket.on("data", (chunk) => {
          text += chunk;
          if (text.endsWith("\r\n\r\n") && text.includes(" 200 ")) socket.write("hello");
          if (text.endsWith("hello")) socket.end();
        });
        socket.on("close", () => done(text));
      });
    expect(await connect("open.test")).toMatch(/^HTTP\/1\.1 200 [\s\S]*hello$/);
    expect(await connect("closed.test")).toMatch(/^HTTP\/1\.1 403 [\s\S]*Not that one\./);
  });

  test("is refused while the worker does not answer", async () => {
    const relay = await openRelay(new URL("http://127.0.0.1:1"));
    await expect(curl(relay, "https://open.test/")).rejects.toThrow(/403/);
  });
});
