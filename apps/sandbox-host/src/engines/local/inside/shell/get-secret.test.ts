import { spawn } from "node:child_process";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const program = fileURLToPath(new URL("get-secret", import.meta.url));
const answers: Readonly<Record<string, readonly [number, string]>> = {
  GOOD: [200, '{"value":"line one\\nline two"}'],
  MISSING: [404, '{"error":"Secret not found"}'],
  FORBIDDEN: [403, '{"error":"Forbidden"}'],
  BROKEN: [500, "<html>"],
  ODD: [200, '{"value":null}'],
};

let server: Server;
const asked: IncomingMessage[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request);
    const [status, body] = answers[request.url?.split("/").at(-1) ?? ""] ?? [404, "{}"];
    response.writeHead(status).end(body);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
});
afterAll(() => server.close());

const run = async (args: readonly string[], more: Record<string, string> = {}) => {
  const { port } = server.address() as AddressInfo;
  const child = spawn(process.execPath, [program, ...args], {
    env: { SECRETS_BASE_URL: `http://127.0.0.1:${port}`, INTERNAL_API_SECRET: "of-this-start", ...more },
  });
  const exited = new Promise<number | null>((done) => child.on("exit", done));
  return { stdout: await text(child.stdout), stderr: await text(child.stderr), code: await exited };
};

describe("get-secret", () => {
  test("prints the value alone, and asks with what this start was given", async () => {
    expect(await run(["GOOD"])).toEqual({ stdout: "line one\nline two\n", stderr: "", code: 0 });
    expect(asked.at(-1)?.url).toBe("/api/internal/secrets/GOOD");
    expect(asked.at(-1)?.headers["x-internal-secret"]).toBe("of-this-start");
  });

  test.each([
    [["MISSING"], "Secret not found"],
    [["FORBIDDEN"], "Forbidden"],
    [["BROKEN"], "the worker answered 500"],
    [["ODD"], "the worker answered 200"],
    [["../secrets"], "usage: get-secret [--follow] NAME"],
    [[], "usage: get-secret [--follow] NAME"],
    [["GOOD", "MORE"], "usage: get-secret [--follow] NAME"],
    [["--follow", "GOOD"], "nobody tells of changes here"],
  ])("of %j prints nothing, fails, and says why", async (args, words) => {
    expect(await run(args)).toEqual({ stdout: "", stderr: `get-secret: ${words}\n`, code: 1 });
  });

  test("fails where nobody answers", async () => {
    const outcome = await run(["GOOD"], { SECRETS_BASE_URL: "http://127.0.0.1:1" });
    expect(outcome).toEqual({ stdout: "", stderr: "get-secret: can't reach the worker\n", code: 1 });
  });
});
