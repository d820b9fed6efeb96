import { randomBytes } from "node:crypto";
import * as fs from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import type { SandboxName } from "@threadbox/contracts/ids";
import { openCodeConfigVariable } from "@threadbox/contracts/opencode";
import { type EnsureSandbox, egressBaseUrl } from "@threadbox/contracts/sandbox-host";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sandboxFolders } from "./engines/local/sandbox-folders.ts";
import { openTestHost, sandboxName, type TestHost, token } from "./host.testing.ts";
import { requireSandboxes } from "./require-sandboxes.testing.ts";

const configOf = (credential: string) =>
  JSON.stringify({
    model: "threadbox/default",
    provider: {
      threadbox: {
        npm: "@ai-sdk/openai-compatible",
        options: { baseURL: `${egressBaseUrl}/model/v1`, apiKey: credential },
        models: { default: { tool_call: true } },
      },
    },
    mcp: {
      tools: {
        type: "remote",
        url: `${egressBaseUrl}/mcp`,
        headers: { authorization: `Bearer ${credential}` },
        oauth: false,
      },
    },
  });

/** The worker as the host knows it: it tells the plan, and notes what else it is asked with which authorization. */
const startStubWorker = async () => {
  const asked: { readonly url: string; readonly authorization: string | undefined }[] = [];
  const planned: string[] = [];
  const answerTo = ({ url = "", headers }: IncomingMessage): unknown => {
    if (!url.endsWith("/warm-plan")) {
      asked.push({ url, authorization: headers.authorization });
      return { later: [] };
    }
    planned.push(String(headers.authorization));
    const credential = "credential-of-nobody";
    return { environment: { [openCodeConfigVariable]: configOf(credential) }, files: [], credential };
  };
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answerTo(request)));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, asked, planned, close: () => server.close() };
};

const snapshots = await fs.mkdtemp(path.join(os.tmpdir(), "threadbox-snapshots-"));
const worker = await startStubWorker();
const found = await requireSandboxes(() =>
  openTestHost(
    {
      SANDBOX_WARM: "1",
      SANDBOX_RUNNING_MAX: "8",
      SANDBOX_SNAPSHOTS: snapshots,
      SANDBOX_SNAPSHOT_KEY: "key-of-the-snapshots-0123456789abcdef",
      SANDBOX_ENDS_URL: `${worker.origin}/internal/sandbox-host/ended`,
      MODEL_GATEWAY_URL: `${worker.origin}/internal/model`,
    },
    { idleShare: () => 1 },
  ),
);
afterAll(async () => {
  worker.close();
  await fs.rm(snapshots, { recursive: true, force: true });
});

describe.skipIf(found === undefined)("a sandbox that was started beforehand", () => {
  let host: TestHost;
  beforeAll(() => {
    if (found !== undefined) host = found;
  });
  afterAll(() => found?.close());

  const untilWarm = (count: number) =>
    expect
      .poll(() => host.log.filter((line) => line.includes('"warm.ready"')).length, { timeout: 60_000 })
      .toBeGreaterThanOrEqual(count);
  const start = (over: Partial<EnsureSandbox> = {}) => {
    const name = sandboxName();
    const secrets = {
      credential: `credential-${randomBytes(12).toString("hex")}`,
      password: randomBytes(24).toString("hex"),
    };
    const body = {
      generation: 1,
      owner: "threadofthetests",
      openCodePassword: secrets.password,
      environment: { [openCodeConfigVariable]: configOf(secrets.credential), INTERNAL_API_SECRET: "its own" },
      files: [{ path: ".local/share/opencode/auth.json", content: "{}" }],
      own: {
        credential: secrets.credential,
        variables: ["INTERNAL_API_SECRET"],
        files: [".local/share/opencode/auth.json"],
      },
      ...over,
    };
    const put = () => host.json(`/sandboxes/${name}`, { method: "PUT", body: JSON.stringify(body) });
    return { name, ...secrets, body, put };
  };
  const openCode = (name: SandboxName, password: string, route: string, init: RequestInit = {}) =>
    host.request(`/sandboxes/${name}/ports/4096${route}?directory=/workspace`, {
      ...init,
      headers: {
        "x-forward-authorization": `Basic ${Buffer.from(`opencode:${password}`).toString("base64")}`,
        "content-type": "application/json",
      },
    });

  /** A command as the agent runs it. */
  const asAgent = async (name: SandboxName, command: string): Promise<string> =>
    (await host.exec(name, ["/opt/threadbox/supervisor/shell/bash", "-c", command])).stdout.trim();

  test("becomes a first start's, with that start's password, credential, variables and files", async () => {
    await untilWarm(1);
    expect(worker.planned).toEqual([`Bearer ${token}`]);
    expect(worker.asked).toEqual([]);
    const { name, password, credential, put } = start();
    expect(await put()).toMatchObject({ status: "ready", wasWarm: true, generation: 1 });
    expect(await host.json(`/sandboxes/${name}`)).toMatchObject({ wasWarm: true });

    const made = await openCode(name, password, "/session", { method: "POST", body: "{}" });
    expect(made.status).toBe(200);
    expect((await openCode(name, "not the password of this start", "/session")).status).toBe(401);
    expect(await asAgent(name, "printenv INTERNAL_API_SECRET; cat ~/.local/share/opencode/auth.json")).toBe(
      "its own\n{}",
    );
    const { id } = (await made.json()) as { readonly id: string };
    const parts = [{ type: "text", text: "Hello" }];
    void openCode(name, password, `/session/${id}/prompt_async`, { method: "POST", body: JSON.stringify({ parts }) });
    await expect
      .poll(() => new Set(worker.asked.map(({ url, authorization }) => `${url} ${authorization}`)), { timeout: 30_000 })
      .toEqual(
        new Set([
          `/internal/codemode/mcp Bearer ${credential}`,
          `/internal/model/v1/chat/completions Bearer ${credential}`,
        ]),
      );
  });

  test("keeps its files from start to start, as whoever wrote them", async () => {
    await untilWarm(2);
    const { name, put, body } = start();
    expect(await put()).toMatchObject({ wasWarm: true });
    expect((await host.exec(name, ["sh", "-c", "echo kept >note; chmod 600 note"])).exitCode).toBe(0);
    expect((await host.request(`/sandboxes/${name}?keepWorkspace=true`, { method: "DELETE" })).status).toBe(204);
    const again = await host.json(`/sandboxes/${name}`, {
      method: "PUT",
      body: JSON.stringify({ ...body, generation: 2 }),
    });
    expect(again).toMatchObject({ status: "ready", generation: 2 });
    expect(again).not.toHaveProperty("wasWarm");
    expect(await host.exec(name, ["sh", "-c", "cat note && echo more >>note"])).toMatchObject({
      exitCode: 0,
      stdout: "kept\n",
    });

    const point = JSON.stringify({ cause: "turn" });
    expect((await host.request(`/sandboxes/${name}/snapshots`, { method: "POST", body: point })).status).toBe(200);
    await host.request(`/sandboxes/${name}?keepWorkspace=true`, { method: "DELETE" });
    await fs.rm(sandboxFolders(host.state, name).kept, { recursive: true });
    const restored = await host.json(`/sandboxes/${name}`, {
      method: "PUT",
      body: JSON.stringify({ ...body, generation: 3 }),
    });
    expect(restored, "also where the disks are lost, and with them which user they were").toMatchObject({
      status: "ready",
    });
    expect(await host.exec(name, ["sh", "-c", "cat note && echo again >>note"])).toMatchObject({
      exitCode: 0,
      stdout: "kept\nmore\n",
    });
    expect((await host.request(`/sandboxes/${name}/snapshots`, { method: "POST", body: point })).status).toBe(200);
  });

  test("never becomes a start that is something special, or of another configuration", async () => {
    await untilWarm(3);
    const trusted = start({ trustsWorkspace: true });
    const answer = await trusted.put();
    expect(answer).toMatchObject({ status: "ready" });
    expect(answer).not.toHaveProperty("wasWarm");
    await host.request(`/sandboxes/${trusted.name}`, { method: "DELETE" });

    const other = start({ files: [{ path: ".config/other", content: "of another version" }] });
    expect(await other.put()).toMatchObject({ status: "ready", wasWarm: false });
    await host.request(`/sandboxes/${other.name}`, { method: "DELETE" });
    // The one that nobody asks for any more has made room for one that the next thread will ask for.
    await untilWarm(4);
    const next = start({ files: [{ path: ".config/other", content: "of another version" }] });
    expect(await next.put()).toMatchObject({ status: "ready", wasWarm: true });
    expect(await host.exec(next.name, ["cat", "/home/agent/.config/other"])).toMatchObject({
      stdout: "of another version",
    });
  });

  test("leaves nothing behind when the host ends without its having been anybody's", async () => {
    await untilWarm(5);
    expect(await fs.readdir(path.join(host.state, "warm"))).toHaveLength(1);
    await host.host.close();
    expect(await fs.readdir(path.join(host.state, "warm"))).toEqual([]);
    expect(await fs.readdir(path.join(host.state, "run"))).toEqual([]);
  });
});
