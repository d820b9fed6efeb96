import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { askSecret } from "./ask-secret.ts";
import { openSecretsAgent, type SecretsAgent } from "./secrets-agent.ts";

const program = fileURLToPath(new URL("shell/get-secret", import.meta.url));
const later = Date.now() + 86_400_000;

/** What the worker answers for KEY, how often it was asked, and the time as the agent sees it. */
let current: { version: number; value: string } | { status: number; error: string };
let asked = 0;
let now = 0;
let isDown = false;
let worker: Server;
let agent: SecretsAgent;
let env: Record<string, string>;

beforeEach(async () => {
  [current, asked, now, isDown] = [{ version: 1, value: "first" }, 0, 0, false];
  worker = createServer((request, response) => {
    asked += 1;
    request.resume();
    if (isDown) {
      response.destroy();
      return;
    }
    const found = "value" in current ? { id: "sec_1", expiresAt: later, ...current } : current;
    response.end(JSON.stringify({ secrets: { KEY: found } }));
  });
  await new Promise<void>((done) => worker.listen(0, "127.0.0.1", done));
  const { port } = worker.address() as AddressInfo;
  const name = `agent-${randomUUID()}`;
  env = { SECRETS_BASE_URL: `http://127.0.0.1:${port}`, INTERNAL_API_SECRET: "of-this-start", SECRETS_AGENT: name };
  agent = openSecretsAgent({ name, ask: (secret) => askSecret(env, secret), now: () => now });
  await agent.isListening;
});
afterEach(() => {
  agent.close();
  worker.close();
  worker.closeAllConnections();
});

const start = (...args: string[]) => spawn(process.execPath, [program, ...args], { env });
const read = async () => {
  const child = start("KEY");
  const [out, complaint] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return out + complaint;
};
const news = { kind: "secret", name: "KEY", secretId: "sec_1", minVersion: 1 } as const;

describe("who keeps a sandbox's secrets", () => {
  test("asks once for many programs, anew when it's told of a change, and says which version it has then", async () => {
    expect(await agent.tell(news)).toEqual({ outcome: "unused", version: null });
    expect([await read(), await read(), asked]).toEqual(["first\n", "first\n", 1]);
    current = { version: 2, value: "second" };
    expect(await agent.tell(news)).toEqual({ outcome: "acknowledged", version: 2 });
    expect([await read(), asked]).toEqual(["second\n", 2]);
  });

  test("takes a value that comes along with the word of it without asking, and none that is older than what it has", async () => {
    expect([await read(), asked]).toEqual(["first\n", 1]);
    const push = (version: number, value: string) =>
      agent.tell({ ...news, current: { version, value, expiresAt: later } });
    expect(await push(3, "third")).toEqual({ outcome: "acknowledged", version: 3 });
    expect([await read(), asked]).toEqual(["third\n", 1]);
    expect(await push(2, "second")).toMatchObject({ outcome: "failed" });
    expect([await read(), asked]).toEqual(["third\n", 1]);
  });

  test("lets go of a revoked value as soon as it's told, and by itself within five seconds", async () => {
    expect(await read()).toBe("first\n");
    current = { status: 410, error: "Secret revoked" };
    expect(await read()).toBe("first\n");
    now = 5_000;
    expect(await read()).toBe("get-secret: Secret revoked\n");
    expect(await agent.tell({ ...news, minVersion: 2 })).toEqual({ outcome: "dropped", version: null });
    isDown = true;
    expect(await read()).toBe("get-secret: can't reach the worker\n");
  });

  test("hands out what it has while the worker is away, but nothing below the lowest version it was told", async () => {
    expect(await read()).toBe("first\n");
    isDown = true;
    now = 60_000;
    expect(await read()).toBe("first\n");
    expect(await agent.tell(news)).toEqual({ outcome: "failed", version: null });
    expect(await agent.tell({ ...news, minVersion: 2 })).toEqual({ outcome: "dropped", version: null });
    expect(await read()).toBe("get-secret: can't reach the worker\n");
  });

  test("tells whoever follows of each value, and of its end", async () => {
    const child = start("--follow", "KEY");
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const next = async () => JSON.parse((await lines.next()).value ?? "null");
    expect(await next()).toEqual({ name: "KEY", version: 1, value: "first" });
    current = { version: 2, value: "two\nlines" };
    expect(await agent.tell(news)).toMatchObject({ outcome: "acknowledged" });
    expect(await next()).toEqual({ name: "KEY", version: 2, value: "two\nlines" });
    current = { status: 410, error: "Secret revoked" };
    const ended = once(child, "exit");
    await agent.tell({ ...news, minVersion: 3 });
    expect(await text(child.stderr)).toBe("get-secret: Secret revoked\n");
    expect((await ended)[0]).toBe(1);
  });

  test("answers nothing but names of secrets", async () => {
    const { get } = await import("node:http");
    const status = await new Promise((done) =>
      get({ socketPath: `\0${env.SECRETS_AGENT}`, path: "/../KEY" }, (response) => done(response.statusCode)),
    );
    expect([status, asked]).toEqual([404, 0]);
  });
});
