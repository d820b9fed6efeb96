import { spawn } from "node:child_process";
import * as fs from "node:fs/promises";
import * as net from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { fakeEngine } from "../engines/engine.testing.ts";
import { authorization, sandboxName } from "../host.testing.ts";
import { openControlChannel } from "./server.testing.ts";

const firstBytes = 300_000;
const forged = "HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nforged";
const headEnd = "\r\n\r\n";

/** A workspace with one file, and a control channel to it. */
const openWorkspace = async () => {
  const workspace = await fs.mkdtemp(path.join(os.tmpdir(), "threadbox-transfer-"));
  onTestFinished(() => fs.rm(workspace, { recursive: true, force: true }));
  await fs.writeFile(path.join(workspace, "file"), "x".repeat(firstBytes));
  const host = await openControlChannel(fakeEngine({ isInstant: true, workspace }));
  return { file: path.join(workspace, "file"), url: new URL(host.url) };
};

/** A program that changes the file without pause until the test has finished. */
const whileChanging = async (program: string, file: string): Promise<void> => {
  const child = spawn("/usr/bin/perl", ["-e", `$| = 1; print "up\n"; ${program}`, file], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  await new Promise((up) => child.stdout.once("data", up));
};

/** What the connection carries between one request and its end: two requests are sent at once, as a client that keeps it open does. */
const exchange = (url: URL): Promise<string> =>
  new Promise((done) => {
    const socket = net.connect(Number(url.port), url.hostname);
    let received = "";
    socket.setEncoding("latin1");
    socket.on("data", (text: string) => {
      received += text;
    });
    socket.on("close", () => done(received));
    socket.on("error", () => {});
    const head = `host: ${url.host}\r\nauthorization: ${authorization.authorization}\r\n`;
    socket.write(
      `GET /v1/sandboxes/${sandboxName()}/files?path=file HTTP/1.1\r\n${head}\r\n` +
        `GET /v1/health HTTP/1.1\r\n${head}connection: close\r\n\r\n`,
    );
  });

/** The first answer as far as its declared length, and what comes behind it. */
const split = (received: string) => {
  const [head = ""] = received.split(headEnd, 1);
  const declared = Number(head.match(/^content-length: (\d+)$/im)?.[1]);
  const body = received.slice(head.length + headEnd.length);
  return { declared, body: body.slice(0, declared), behind: body.slice(declared) };
};

test("a file that grows while it is sent never adds a byte to its answer", async () => {
  const { file, url } = await openWorkspace();
  await whileChanging(
    `while (1) { open(F, ">>", $ARGV[0]); syswrite(F, ${JSON.stringify(forged)} x 200); close(F); truncate($ARGV[0], ${firstBytes}) }`,
    file,
  );
  for (let round = 0; round < 60; round += 1) {
    const { declared, body, behind } = split(await exchange(url));
    expect(declared).toBeGreaterThanOrEqual(firstBytes);
    // A file that was caught in its longest moment may have shrunk again: then the connection ends.
    if (body.length < declared) expect(behind).toBe("");
    else expect(behind).toMatch(/^HTTP\/1\.1 200 OK\r\n.*"status":"ok"/s);
  }
});

test("a file that shrinks while it is sent ends the connection and is not filled up", async () => {
  const { file, url } = await openWorkspace();
  await whileChanging(
    `while (1) { truncate($ARGV[0], 1000); open(F, ">", $ARGV[0]); syswrite(F, "x" x ${firstBytes}); close(F) }`,
    file,
  );
  for (let round = 0; round < 60; round += 1) {
    const { declared, body, behind } = split(await exchange(url));
    // A read that meets a truncation may see the zeros with which the kernel clears the page that it cuts.
    expect(body).toMatch(/^[x\0]*$/);
    if (body.length < declared) expect(behind).toBe("");
    else expect(behind).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  }
});

test("asking for a file's length alone does not keep it open", async () => {
  const { file, url } = await openWorkspace();
  const at = `${url.origin}/v1/sandboxes/${sandboxName()}/files?path=file`;
  const answer = await fetch(at, { method: "HEAD", headers: authorization });
  expect(answer.headers.get("content-length")).toBe(String(firstBytes));
  const open = await Promise.all(
    (await fs.readdir("/proc/self/fd")).map((fd) => fs.readlink(`/proc/self/fd/${fd}`).catch(() => "")),
  );
  expect(open).not.toContain(file);
});
