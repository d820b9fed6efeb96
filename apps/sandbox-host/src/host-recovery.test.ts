import * as fs from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { PassThrough } from "node:stream";
import { json } from "node:stream/consumers";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { loopDevicesOf } from "./engines/local/disks/loop-devices.testing.ts";
import { openJailBench } from "./engines/local/jail.testing.ts";
import { ensureBody, sandboxName, startStubGateway, testEnvironment, token } from "./host.testing.ts";
import { type HostProcess, startProcess } from "./host-process.testing.ts";
import { requireSandboxes } from "./require-sandboxes.testing.ts";

const limits = { memoryMib: 512, pids: 64, cpus: 1, tmpfsMib: 16, fileMib: 16 };
const bench = await requireSandboxes(() => openJailBench(limits));
const gateway = await startStubGateway();

/** A worker's ear: what it is told, one end after the other. */
const startEar = async () => {
  const ends = new PassThrough({ objectMode: true });
  const server = createServer(async (request, response) => {
    const isKnown = request.headers.authorization === `Bearer ${token}`;
    const { sandboxes } = (await json(request)) as { sandboxes: object[] };
    response.writeHead(isKnown ? 200 : 401, { "content-type": "application/json" }).end('{"later":[]}');
    if (isKnown) for (const end of sandboxes) ends.write(end);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const iterator = ends[Symbol.asyncIterator]();
  return { url: `http://127.0.0.1:${port}/ended`, next: async (): Promise<unknown> => (await iterator.next()).value };
};

const newState = async (): Promise<string> => {
  const state = await fs.mkdtemp(path.join(os.tmpdir(), "threadbox-recovery-"));
  onTestFinished(() => fs.rm(state, { recursive: true, force: true }));
  return state;
};

/** Processes that see a mount with the sandbox's name, which those inside do: its workspace. */
const processesOf = async (root: string): Promise<readonly string[]> => {
  const found: string[] = [];
  for (const pid of await fs.readdir("/proc")) {
    if (!/^\d+$/.test(pid)) continue;
    const mounts = await fs.readFile(`/proc/${pid}/mountinfo`, "utf8").catch(() => "");
    if (mounts.includes(root)) found.push(pid);
  }
  return found;
};

const readRecord = async (state: string, name: string): Promise<{ controlGroup: string[]; process: { pid: number } }> =>
  JSON.parse(await fs.readFile(path.join(state, "run", name, "record.json"), "utf8"));

const exists = (at: string): Promise<boolean> =>
  fs.access(at).then(
    () => true,
    () => false,
  );

describe.skipIf(bench === undefined)("a host process", () => {
  afterAll(async () => {
    await bench?.close();
    await gateway.close();
  });

  test("F16: after a kill -9 the next start leaves no process, control group, mount or socket, and the thread goes on", async () => {
    const state = await newState();
    const name = sandboxName();
    const environment = testEnvironment(state, gateway.url);
    const first = await startProcess(environment);
    expect(await first.json(`/sandboxes/${name}`, { method: "PUT", body: ensureBody(1) })).toMatchObject({
      status: "ready",
    });
    await first.exec(name, ["sh", "-c", "echo kept > kept.txt; setsid sleep 600 >/dev/null 2>&1 &"]);
    expect((await processesOf(name)).length).toBeGreaterThan(3);
    const record = await readRecord(state, name);

    first.child.kill("SIGKILL");
    await first.ended;
    const second = await startProcess(environment);
    expect(await processesOf(name)).toEqual([]);
    for (const folder of record.controlGroup) expect(await exists(folder)).toBe(false);
    expect(await fs.readdir(path.join(state, "run"))).toEqual([]);
    expect(await fs.readFile("/proc/self/mountinfo", "utf8")).not.toContain(name);
    expect(await second.json("/sandboxes")).toEqual({ sandboxes: [] });

    expect(await second.json(`/sandboxes/${name}`, { method: "PUT", body: ensureBody(2) })).toMatchObject({
      status: "ready",
    });
    expect(await second.exec(name, ["cat", "kept.txt"])).toMatchObject({ stdout: "kept\n" });

    second.child.kill("SIGTERM");
    expect(await second.ended).toBe(0);
    expect(await processesOf(name)).toEqual([]);
    expect(await fs.readdir(path.join(state, "run"))).toEqual([]);
  });

  test("the worker is told when OpenCode is killed, when the host was killed with a sandbox, and when the host stops", async () => {
    const state = await newState();
    const ear = await startEar();
    const name = sandboxName();
    const environment = { ...testEnvironment(state, gateway.url), SANDBOX_ENDS_URL: ear.url };
    const ensure = async (host: HostProcess, generation: number) => {
      const body = ensureBody(generation, { owner: "owner1" });
      expect(await host.json(`/sandboxes/${name}`, { method: "PUT", body })).toMatchObject({ status: "ready" });
    };
    const first = await startProcess(environment);
    await ensure(first, 1);
    process.kill((await readRecord(state, name)).process.pid, "SIGKILL");
    expect(await ear.next()).toMatchObject({ name, generation: 1, owner: "owner1", status: "failed" });

    await ensure(first, 2);
    first.child.kill("SIGKILL");
    await first.ended;
    const second = await startProcess(environment);
    const reason = "The sandbox host stopped unexpectedly.";
    expect(await ear.next()).toEqual({ name, generation: 2, owner: "owner1", status: "failed", reason });

    await ensure(second, 3);
    second.child.kill("SIGTERM");
    expect(await second.ended).toBe(0);
    const third = await startProcess(environment);
    expect(await ear.next()).toMatchObject({ name, generation: 3, status: "stopped" });
    third.child.kill("SIGTERM");
    expect(await third.ended).toBe(0);
    expect(await fs.readdir(path.join(state, "ends"))).toEqual([]);
  });

  test("F16: after a kill -9 nothing of a sandbox stays mounted, even where no host follows", async () => {
    const state = await newState();
    const name = sandboxName();
    const host = await startProcess(testEnvironment(state, gateway.url));
    expect(await host.json(`/sandboxes/${name}`, { method: "PUT", body: ensureBody(1) })).toMatchObject({
      status: "ready",
    });
    const images = bench?.machine.disks.kind === "images" ? 2 : 0;
    expect(await loopDevicesOf(state)).toHaveLength(images);
    host.child.kill("SIGKILL");
    await host.ended;
    await expect.poll(() => loopDevicesOf(state)).toEqual([]);
    await expect.poll(() => processesOf(name)).toEqual([]);
  });

  test("after a kill -9 nothing of a sandbox that naps stays, whether a host follows or not", async () => {
    const state = await newState();
    const name = sandboxName();
    const environment = { ...testEnvironment(state, gateway.url), SANDBOX_NAP_SECONDS: "1" };
    for (const generation of [1, 2]) {
      const host = await startProcess(environment);
      expect(await host.json(`/sandboxes/${name}`, { method: "PUT", body: ensureBody(generation) })).toMatchObject({
        status: "ready",
      });
      await host.exec(name, ["sh", "-c", "setsid sleep 600 >/dev/null 2>&1 &"]);
      await expect.poll(() => host.json(`/sandboxes/${name}`)).toMatchObject({ nap: "idle" });
      host.child.kill("SIGKILL");
      await host.ended;
      if (generation === 1) await expect.poll(() => processesOf(name)).toEqual([]);
    }
    const last = await startProcess(environment);
    expect(await processesOf(name)).toEqual([]);
    expect(await fs.readdir(path.join(state, "run"))).toEqual([]);
    last.child.kill("SIGTERM");
    expect(await last.ended).toBe(0);
  });

  test("an old generation is still refused by the next process", async () => {
    const state = await newState();
    await fs.mkdir(path.join(state, "generations"));
    const name = sandboxName();
    await fs.writeFile(path.join(state, "generations", name), "7");
    const host = await startProcess(testEnvironment(state, gateway.url));
    const answer = await host.request(`/sandboxes/${name}`, { method: "PUT", body: ensureBody(6) });
    expect(answer.status).toBe(409);
  });

  test("a second host on the same state folder refuses to start and harms nothing", async () => {
    const state = await newState();
    const environment = testEnvironment(state, gateway.url);
    const first = await startProcess(environment);
    await expect(startProcess(environment)).rejects.toThrow("ended before it listened");
    expect(await first.json("/health")).toMatchObject({ status: "ok" });
  });

  test("F14: a sandbox that uses up its memory fails with that reason", async () => {
    if (bench === undefined || "reason" in bench.machine.controlGroups) return;
    const state = await newState();
    const name = sandboxName();
    const host = await startProcess({ ...testEnvironment(state, gateway.url), SANDBOX_MEMORY_MIB: "512" });
    expect(await host.json(`/sandboxes/${name}`, { method: "PUT", body: ensureBody(1) })).toMatchObject({
      status: "ready",
    });
    // Many small ones, so that OpenCode is the largest process when the limit is reached. How long that takes is the machine's affair.
    const hogs = "for (1 .. 12) { next if fork(); my $memory = 'x' x (48 * 1024 * 1024 + $_); sleep 600 } sleep 600";
    const answer = await host.exec(name, ["perl", "-e", hogs], { timeoutMs: 600_000 });
    expect(answer).toMatchObject({ error: { _tag: "SandboxInterrupted", message: expect.stringContaining("memory") } });
    const sandbox = await host.json(`/sandboxes/${name}`);
    expect(sandbox).toMatchObject({ status: "failed", reason: "The sandbox ran out of memory (512 MB)." });
  });
});
