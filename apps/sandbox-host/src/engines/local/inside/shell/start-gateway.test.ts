import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const program = fileURLToPath(new URL("start-gateway", import.meta.url));
let answer: readonly [status: number, body: string] = [200, ""];
let server: Server;
let folder: string;
const asked: IncomingMessage[] = [];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "start-gateway-"));
  server = createServer((request, response) => {
    asked.push(request);
    const [status, body] = answer;
    response.writeHead(status).end(body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

const shown = ["sh", "-c", 'echo "token: $CLAWDBOT_GATEWAY_TOKEN"'];
const run = async (args: readonly string[] = shown, more: Record<string, string> = {}) => {
  const { port } = server.address() as AddressInfo;
  const child = spawn(program, args, {
    env: {
      PATH: `${path.dirname(process.execPath)}:/usr/bin:/bin`,
      SECRETS_BASE_URL: `http://127.0.0.1:${port}`,
      INTERNAL_API_SECRET: "of-this-start",
      CLAWDBOT_GATEWAY_TOKEN: "of-the-environment",
      ...more,
    },
  });
  const exited = new Promise<number | null>((done) => child.on("exit", done));
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { output: output.trimEnd().split("\n"), errors, code: await exited };
};
const fetching = "Fetching secrets from Worker...";

describe("start-gateway", () => {
  test("starts the program with the token of this moment, asked with what this start was given", async () => {
    answer = [200, '{"token":"of-now","expiresAt":1,"version":2}'];
    expect((await run()).output).toEqual([
      fetching,
      "Successfully fetched secrets from Worker",
      "Using dynamically fetched gateway token",
      "token: of-now",
    ]);
    const { method, url, headers } = asked.at(-1) ?? {};
    expect([method, url, headers?.["x-internal-secret"]]).toEqual(["POST", "/internal/secrets", "of-this-start"]);
  });

  test.each([
    ["a refusal", 401, '{"error":"Unauthorized"}'],
    ["too many questions", 429, '{"error":"Rate limited"}'],
    ["a token of null", 200, '{"token":null}'],
    ["an empty token", 200, '{"token":""}'],
    ["a page", 500, "<html>"],
  ])("keeps the environment's token where the answer is %s", async (_, status, body) => {
    answer = [status, body];
    expect((await run()).output).toEqual([
      fetching,
      "Warning: Failed to parse token from response, falling back to env var",
      "token: of-the-environment",
    ]);
  });

  test.each([
    ["nobody answers", { SECRETS_BASE_URL: "http://127.0.0.1:1" }],
    ["nothing is answered", {}],
  ] as const)("keeps the environment's token where %s", async (_, more) => {
    answer = [502, ""];
    expect((await run(shown, more)).output).toEqual([
      fetching,
      "Warning: Failed to fetch secrets from Worker, using env var fallback",
      "token: of-the-environment",
    ]);
  });

  test("starts nothing with a token that was revoked", async () => {
    answer = [410, '{"error":"Secret revoked"}'];
    const { output, errors, code } = await run();
    expect([output, code]).toEqual([[fetching], 1]);
    expect(errors).toBe("Error: The gateway token was revoked. Nothing is started with an old one.\n");
  });

  test("puts the token into the program's configuration, beside what is there, for its owner alone", async () => {
    answer = [200, '{"token":"of-now"}'];
    const file = path.join(folder, "kept.json");
    await writeFile(file, '{"agent":"a","gateway":{"port":1,"auth":{"mode":"token"}}}');
    await run(["--config", file, ...shown]);
    expect(JSON.parse(await readFile(file, "utf8"))).toEqual({
      agent: "a",
      gateway: { port: 1, auth: { mode: "token", token: "of-now" } },
    });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(["kept.json"]);
  });

  test("makes a configuration that is missing", async () => {
    answer = [200, '{"token":"of-now"}'];
    const fresh = path.join(folder, "new", "config.json");
    await run(["--config", fresh, ...shown]);
    expect(JSON.parse(await readFile(fresh, "utf8"))).toEqual({ gateway: { auth: { token: "of-now" } } });
  });

  test("leaves a configuration alone that is none", async () => {
    answer = [200, '{"token":"of-now"}'];
    const odd = path.join(folder, "odd.json");
    await writeFile(odd, "not JSON");
    const { output } = await run(["--config", odd, ...shown]);
    expect(output.slice(-2)).toEqual([`Warning: Failed to write the gateway token to ${odd}`, "token: of-now"]);
    expect(await readFile(odd, "utf8")).toBe("not JSON");
  });

  test("becomes the program: its arguments, its end", async () => {
    answer = [200, '{"token":"of-now"}'];
    const { output, code } = await run(["sh", "-c", 'echo "$1|$$" ; exit 7', "x", "two words"]);
    expect([output.at(-1)?.split("|")[0], code]).toEqual(["two words", 7]);
  });

  test.each([[[]], [["--config"]], [["--config", "file"]]])("says how it is used: %j", async (args) => {
    const { errors, code } = await run(args);
    expect([errors, code]).toEqual(["usage: start-gateway [--config FILE] COMMAND [ARGUMENT...]\n", 2]);
  });
});
