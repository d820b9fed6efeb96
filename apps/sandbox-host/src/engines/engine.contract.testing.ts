import * as fs from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import {
  authorization,
  ensureBody,
  openCodeAuthorization,
  openTestHost,
  password,
  sandboxName,
  type TestHost,
} from "../host.testing.ts";

/** Processes of the machine whose command line carries the mark. */
const processesWith = async (mark: string): Promise<number> => {
  const lines = await Promise.all(
    (await fs.readdir("/proc"))
      .filter((pid) => /^\d+$/.test(pid) && Number(pid) !== process.pid)
      .map((pid) => fs.readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")),
  );
  return lines.filter((line) => line.includes(mark)).length;
};

/** What every engine promises of a sandbox, seen through the host. `environment` has the host use that engine alone. */
export const describeEngineContract = (engine: string, environment: Record<string, string> | undefined): void => {
  describe.skipIf(environment === undefined)(`a sandbox of the ${engine} engine`, () => {
    const name = sandboxName();
    const at = `/sandboxes/${name}`;
    let host: TestHost;
    const start = (generation: number, more: object = {}) =>
      host.json(at, { method: "PUT", body: ensureBody(generation, more) });
    const shell = (script: string, more: object = {}) => host.exec(name, ["sh", "-c", script], more);

    beforeAll(async () => {
      const opened = await openTestHost({ ...environment, SANDBOX_MEMORY_MIB: "640", SANDBOX_PIDS: "96" });
      if ("refusal" in opened) throw new Error(opened.refusal);
      host = opened;
      expect(await start(1)).toMatchObject({ status: "ready", generation: 1 });
    });
    afterAll(() => host?.close());

    test("S2.11: has OpenCode, which answers to the password of this start and to no other", async () => {
      const path = `${at}/ports/4096/global/health`;
      expect(await host.json(path, { headers: openCodeAuthorization })).toMatchObject({ healthy: true });
      expect((await host.request(path)).status).toBe(401);
    });

    test("runs programs as nobody special: no root, no capability, nothing to gain, a filter on what they ask", async () => {
      const { stdout } = await shell("id -u; id -un; cat /proc/self/status");
      const [uid, user] = stdout.split("\n");
      expect([uid === "0", user]).toEqual([false, "agent"]);
      expect(stdout).toMatch(/^CapEff:\t0+$/m);
      expect(stdout).toMatch(/^CapBnd:\t0+$/m);
      expect(stdout).toMatch(/^NoNewPrivs:\t1$/m);
      expect(stdout).toMatch(/^Seccomp:\t2$/m);
    });

    test("has no network but its own, and one way out, which knows no other host", async () => {
      const { stdout } = await shell(
        "grep -c : /proc/net/dev; curl -s -o /dev/null -w '%{http_code}' https://example.com/",
      );
      expect(stdout).toBe("1\n000");
      expect(host.log.some((line) => line.includes("egress.refused"))).toBe(true);
    });

    test("reaches the model through the relay", async () => {
      const before = host.gateway.requests.length;
      const { stdout } = await shell("curl -s http://127.0.0.1:8787/model/v1/chat/completions -d '{}'");
      expect(stdout).toContain("[DONE]");
      expect(host.gateway.requests.length).toBe(before + 1);
    });

    test("gives a program its input, environment, folder and exit code, and ends it when its time is over", async () => {
      const more = { stdin: "in\n", cwd: "/tmp", env: { EXTRA: "more" } };
      expect(await shell("cat; pwd; echo $EXTRA >&2; exit 3", more)).toMatchObject({
        exitCode: 3,
        stdout: "in\n/tmp\n",
        stderr: "more\n",
      });
      expect(await shell("sleep 600", { timeoutMs: 200 })).toMatchObject({ isTimedOut: true });
    });

    test("tells OpenCode's password to no other program, and shows it in no command line", async () => {
      const { stdout } = await shell("cat /proc/[0-9]*/cmdline | tr '\\0' ' '; env");
      expect(stdout).toContain("opencode serve");
      expect(stdout).not.toContain(password);
    });

    test("has one workspace with whoever asks for its files from outside", async () => {
      const put = await host.request(`${at}/files?path=from-outside.txt`, { method: "PUT", body: "outside" });
      expect(put.status).toBe(204);
      await shell("cat from-outside.txt > copy.txt; mkdir made; rm from-outside.txt");
      expect(await (await host.request(`${at}/files?path=copy.txt`)).text()).toBe("outside");
      expect(await host.json(`${at}/entries`)).toMatchObject({
        entries: expect.arrayContaining([expect.objectContaining({ name: "made", kind: "directory" })]),
      });
      const link = await shell("ln -s /etc/passwd link.txt");
      expect(link.exitCode).toBe(0);
      expect((await host.request(`${at}/files?path=link.txt`)).status).toBe(400);
    });

    test("has a terminal behind its port", async () => {
      const pty = (await host.json(`${at}/ports/4096/pty?directory=/workspace`, {
        method: "POST",
        headers: { ...openCodeAuthorization, "content-type": "application/json" },
        body: JSON.stringify({ command: "/bin/sh", cwd: "/workspace" }),
      })) as { id: string };
      const url = `${host.url.replace("http", "ws")}/v1${at}/ports/4096/pty/${pty.id}/connect?cursor=0&directory=/workspace`;
      const socket = new WebSocket(url, { headers: { ...authorization, ...openCodeAuthorization } });
      let output = "";
      await new Promise<void>((done, fail) => {
        socket.on("error", fail).on("open", () => socket.send("echo $((40 + 2))\n"));
        socket.on("message", (message) => {
          output += String(message);
          if (output.includes("42")) done();
        });
      });
      socket.close();
    });

    test("keeps its files, and no process, from one start to the next", async () => {
      const mark = `left-behind-${process.pid}`;
      await shell(`echo kept > kept.txt; perl -e '$0 = "${mark}"; fork && exit; sleep 600' </dev/null >/dev/null 2>&1`);
      expect(await processesWith(mark)).toBe(1);
      expect(await start(2)).toMatchObject({ status: "ready", generation: 2 });
      expect(await processesWith(mark)).toBe(0);
      expect(await shell("cat kept.txt")).toMatchObject({ stdout: "kept\n" });
    });

    test("tells why it has ended", async () => {
      await shell("kill -9 -1").catch(() => {});
      await expect
        .poll(() => host.json(at))
        .toMatchObject({ status: "failed", reason: expect.stringMatching(/stopped/) });
      expect(await start(3)).toMatchObject({ status: "ready" });
    });

    test("that takes more memory than it may is ended, and says so", async () => {
      const hogs = "for (1 .. 14) { next if fork(); my $memory = 'x' x (48 * 1024 * 1024 + $_); sleep 600 } sleep 600";
      const answer = await host.exec(name, ["perl", "-e", hogs], { timeoutMs: 600_000 });
      expect(answer).toMatchObject({ error: { _tag: "SandboxInterrupted" } });
      expect(await host.json(at)).toMatchObject({
        status: "failed",
        reason: "The sandbox ran out of memory (640 MB).",
      });
      expect(await start(4)).toMatchObject({ status: "ready" });
    });

    test("that makes more processes than it may gets no more, and goes on", async () => {
      const bomb =
        "my $made = 0; while ($made < 500 && defined(my $pid = fork())) { sleep 600 unless $pid; $made++ } print $made";
      const { stdout } = await host.exec(name, ["perl", "-e", bomb], { timeoutMs: 20_000 });
      expect(Number(stdout)).toBeLessThan(96);
      expect(await host.json(`${at}/ports/4096/global/health`, { headers: openCodeAuthorization })).toMatchObject({
        healthy: true,
      });
    });

    test("is gone with all that it had once it's removed", async () => {
      expect((await host.request(at, { method: "DELETE" })).status).toBe(204);
      expect(await fs.readdir(`${host.state}/sandboxes`)).toEqual([]);
      expect(await fs.readdir(`${host.state}/run`)).toEqual([]);
    });
  });
};
