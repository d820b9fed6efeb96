import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { SandboxName } from "@threadbox/contracts/ids";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { readRunRecord } from "./engines/local/run-record.ts";
import { sandboxFolders } from "./engines/local/sandbox-folders.ts";
import {
  authorization,
  ensureBody,
  openCodeAuthorization,
  openTestHost,
  sandboxName,
  type TestHost,
} from "./host.testing.ts";
import { requireSandboxes } from "./require-sandboxes.testing.ts";

/** OpenCode always holds more than this. */
const outgrown = { SANDBOX_OPENCODE_MIB: "64" };
/** A look comes four times in it, and what a program works is measured between two. */
const napSeconds = 4;
const found = await requireSandboxes(() => openTestHost({ SANDBOX_NAP_SECONDS: String(napSeconds), ...outgrown }));

describe.skipIf(found === undefined)("a sandbox that naps", () => {
  const name = sandboxName();
  const at = `/sandboxes/${name}`;
  let host: TestHost;

  const start = async (sandbox: SandboxName, generation = 1) =>
    expect(await host.json(`/sandboxes/${sandbox}`, { method: "PUT", body: ensureBody(generation) })).toMatchObject({
      status: "ready",
    });
  const untilNap = (sandbox: SandboxName = name) =>
    expect
      .poll(() => host.json(`/sandboxes/${sandbox}`), { timeout: 150_000 })
      .toMatchObject({ status: "ready", nap: "idle" });
  const shell = async (script: string): Promise<string> => {
    const result = await host.exec(name, ["sh", "-c", script]);
    expect(result).toMatchObject({ exitCode: 0, stderr: "" });
    return result.stdout;
  };
  /**
   * Begins a program that goes on by itself; the answer is its id. With the shell's end all that is still in its process
   * group is killed, so it waits until the program has left it.
   */
  const begin = async (script: string, before = "true"): Promise<string> => {
    const lines = [
      before,
      `setsid sh -c ': >begun; ${script}' >/dev/null 2>&1 &`,
      "while [ ! -e begun ]; do sleep 0.05; done",
      "rm begun; echo $!",
    ];
    return (await shell(lines.join("\n"))).trim();
  };
  /** The folder in which its processes are frozen; undefined where this machine freezes by signals. */
  const groupOf = async (sandbox: SandboxName): Promise<string | undefined> => {
    const { controlGroup = [] } = (await readRunRecord(sandboxFolders(host.state, sandbox).record)) ?? {};
    for (const folder of controlGroup)
      for (const file of ["freezer.state", "cgroup.freeze"])
        if ((await fs.readdir(folder)).includes(file)) return folder;
    return undefined;
  };
  const openCode = (route: string, init: RequestInit = {}) =>
    host.request(`${at}/ports/4096${route}?directory=/workspace`, {
      ...init,
      headers: { ...openCodeAuthorization, "content-type": "application/json" },
    });

  beforeAll(async () => {
    if (found === undefined) return;
    host = found;
    await start(name);
  });
  afterAll(() => found?.close());

  test("keeps its programs, their memory and OpenCode's sessions, and answers the first request as if nothing had been", async () => {
    const session = (await (await openCode("/session", { method: "POST", body: "{}" })).json()) as { id: string };
    // It counts its lines in memory alone. A pipe that waits to be opened doesn't outlast being frozen on every kernel.
    await begin("exec 3<>ask; n=0; while read -r _ <&3; do n=$((n + 1)); echo $n >said; done", "mkfifo ask");
    await shell("echo >ask; while [ ! -s said ]; do sleep 0.05; done");
    await untilNap();
    const group = await groupOf(name);
    if (group !== undefined) {
      const stateOf = (file: string) => fs.readFile(path.join(group, file), "utf8").catch(() => "");
      // What is just about to stand still is FREEZING in a version 1 group.
      await expect
        .poll(async () => (await Promise.all(["freezer.state", "cgroup.freeze"].map(stateOf))).join("").trim())
        .toMatch(/^(FROZEN|1)$/);
    }
    const answer = await openCode("/session");
    expect(((await answer.json()) as { id: string }[]).map(({ id }) => id)).toContain(session.id);
    expect(await shell("rm said; echo >ask; while [ ! -s said ]; do sleep 0.05; done; cat said")).toBe("2\n");
  });

  test("is awake at the first key of an open terminal", async () => {
    const pty = (await (
      await openCode("/pty", { method: "POST", body: JSON.stringify({ command: "/bin/sh", cwd: "/workspace" }) })
    ).json()) as { id: string };
    const url = `${host.url.replace("http", "ws")}/v1${at}/ports/4096/pty/${pty.id}/connect?cursor=0&directory=/workspace`;
    const socket = new WebSocket(url, { headers: { ...authorization, ...openCodeAuthorization } });
    await new Promise<void>((done, fail) => socket.once("open", done).on("error", fail));
    await untilNap();
    let output = "";
    const said = new Promise<void>((done) =>
      socket.on("message", (message) => {
        output += String(message);
        if (output.includes("42")) done();
      }),
    );
    socket.send("echo $((40 + 2))\n");
    await said;
    socket.close();
  });

  test("is woken by whoever asks for its files, and by a program that is run in it", async () => {
    await untilNap();
    await host.request(`${at}/files?path=kept.txt`, { method: "PUT", body: "kept" });
    expect(await host.json(at)).not.toHaveProperty("nap");
    await untilNap();
    expect(await shell("cat kept.txt")).toBe("kept");
  });

  test("stays awake while a program runs that somebody waits for", async () => {
    const naps = () => host.log.filter((line) => line.includes("sandbox.nap") && line.includes("idle")).length;
    await host.exec(name, ["true"]);
    const before = naps();
    expect(await host.exec(name, ["sleep", String(napSeconds + 2)])).toMatchObject({ exitCode: 0 });
    expect(naps()).toBe(before);
    await untilNap();
    expect(naps()).toBe(before + 1);
  });

  test("stays awake while a program of its own works in the background, and another that rests naps", async () => {
    const other = sandboxName();
    const program = await begin("while :; do :; done");
    await start(other);
    await untilNap(other);
    expect(await host.json(at)).not.toHaveProperty("nap");
    await shell(`kill -9 ${program}`);
    await untilNap();
    await host.request(`/sandboxes/${other}`, { method: "DELETE" });
  });

  test("a look finds it and leaves it napping", async () => {
    await untilNap();
    const looked = await host.request(`${at}/exec`, {
      method: "POST",
      headers: { "x-sandbox-look": "1" },
      body: JSON.stringify({ argv: ["echo", "seen"] }),
    });
    expect(await looked.json()).toMatchObject({ stdout: "seen\n" });
    expect(await host.json(at)).toMatchObject({ nap: "idle" });
  });

  test("is noticed when its OpenCode is killed meanwhile, and goes when it is removed", async () => {
    const [killed, removed] = [sandboxName(), sandboxName()];
    await Promise.all([start(killed), start(removed)]);
    await Promise.all([untilNap(killed), untilNap(removed)]);
    const group = await groupOf(killed);
    if (group !== undefined) {
      const pids = (await fs.readFile(path.join(group, "cgroup.procs"), "utf8")).split("\n").filter(Boolean);
      for (const pid of pids)
        if ((await fs.readFile(`/proc/${pid}/cmdline`, "utf8")).includes("serve\0"))
          process.kill(Number(pid), "SIGKILL");
      await expect.poll(() => host.json(`/sandboxes/${killed}`)).toMatchObject({ status: "failed" });
    }
    expect((await host.request(`/sandboxes/${removed}`, { method: "DELETE" })).status).toBe(204);
    expect((await host.request(`/sandboxes/${removed}`)).status).toBe(404);
  });

  test("OpenCode that has grown is started anew, and all else that runs stays as it is", async () => {
    const session = (await (await openCode("/session", { method: "POST", body: "{}" })).json()) as { id: string };
    const program = await begin("exec sleep 600");
    const recycled = await host.json(`${at}/opencode`, { method: "POST" });
    expect(recycled).toMatchObject({ isRecycled: true, memoryMib: expect.any(Number) });
    const answer = await openCode("/session");
    expect(((await answer.json()) as { id: string }[]).map(({ id }) => id)).toContain(session.id);
    expect(await shell(`kill -0 ${program} && echo runs`)).toBe("runs\n");
    expect(await host.json(at)).toMatchObject({ status: "ready", generation: 1 });
    const wrong = { "x-forward-authorization": `Basic ${Buffer.from("opencode:wrong").toString("base64")}` };
    expect((await host.request(`${at}/ports/4096/session`, { headers: wrong })).status).toBe(401);
  });
});
