import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as net from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { afterEach, expect, test } from "vitest";
import type { TerminalsStart } from "./protocol.ts";

const freePort = (): Promise<number> =>
  new Promise((done) => {
    const server = net.createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => done(port));
    });
  });

const start = (given: TerminalsStart): Promise<number | null> =>
  new Promise((done) => {
    const child = spawn(process.execPath, [main], { stdio: ["pipe", "ignore", "inherit"] });
    child.stdin.end(`${JSON.stringify(given)}\n`);
    child.once("close", done);
  });

const main = path.join(import.meta.dirname, "main.ts");

/** The servers that run from this folder. */
const servers = (): readonly number[] =>
  fs
    .readdirSync("/proc")
    .filter((pid) => {
      try {
        return /^\d+$/.test(pid) && fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(`${main}\0serve`);
      } catch {
        return false;
      }
    })
    .map(Number);

afterEach(() => {
  for (const pid of servers()) process.kill(pid);
});

test("a start ends once the server listens, and a second one leaves it as it is", async () => {
  const port = await freePort();
  const given = { key: "k", port, folder: os.tmpdir(), openCodePort: 1, hiddenVariables: ["HOME"] };
  expect(await start(given)).toBe(0);
  expect(await start({ ...given, key: "another" })).toBe(0);
  const answer = await fetch(`http://127.0.0.1:${port}/terminals`, { headers: { authorization: "Bearer k" } });
  expect(await answer.json()).toEqual({ terminals: [] });
  expect(servers()).toHaveLength(1);
});
