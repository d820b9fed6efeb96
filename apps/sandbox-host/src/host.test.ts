import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import {
  authorization,
  ensureBody,
  openCodeAuthorization,
  openTestHost,
  password,
  sandboxName,
  type TestHost,
} from "./host.testing.ts";
import { requireSandboxes } from "./require-sandboxes.testing.ts";
import { idleAfterMs } from "./sandboxes/place-decision.ts";

const opened = await requireSandboxes(() => openTestHost());

describe.skipIf(opened === undefined)("a sandbox with OpenCode", () => {
  const name = sandboxName();
  const at = `/sandboxes/${name}`;
  let host: TestHost;

  beforeAll(async () => {
    if (opened === undefined) return;
    host = opened;
    // Two at once: both get the one start.
    const answers = await Promise.all([1, 2].map(() => host.json(at, { method: "PUT", body: ensureBody(1) })));
    expect(answers[0]).toMatchObject({ name, generation: 1, status: "ready", reason: "OpenCode is ready." });
    expect(answers[1]).toEqual(answers[0]);
  });

  afterAll(() => opened?.close());

  const openTerminal = async (): Promise<WebSocket> => {
    const pty = (await host.json(`${at}/ports/4096/pty?directory=/workspace`, {
      method: "POST",
      headers: { ...openCodeAuthorization, "content-type": "application/json" },
      body: JSON.stringify({ command: "/bin/sh", cwd: "/workspace" }),
    })) as { id: string };
    const url = `${host.url.replace("http", "ws")}/v1${at}/ports/4096/pty/${pty.id}/connect?cursor=0&directory=/workspace`;
    const socket = new WebSocket(url, {
      headers: { ...authorization, ...openCodeAuthorization, origin: "http://threadbox.localhost:3000" },
    });
    await new Promise<void>((done, fail) => socket.once("open", done).on("error", fail));
    return socket;
  };

  test("is listed, and asking for the same generation again starts nothing", async () => {
    const before = await host.json(at);
    expect(await host.json(at, { method: "PUT", body: ensureBody(1) })).toEqual(before);
    expect(await host.json("/sandboxes")).toEqual({ sandboxes: [before] });
  });

  test("A36: OpenCode answers through the port with its own password and not with another", async () => {
    const path = `${at}/ports/4096/global/health`;
    expect(await host.json(path, { headers: openCodeAuthorization })).toMatchObject({ healthy: true });
    expect((await host.request(path)).status).toBe(401);
    const wrong = { "x-forward-authorization": `Basic ${Buffer.from("opencode:wrong").toString("base64")}` };
    expect((await host.request(path, { headers: wrong })).status).toBe(401);
  });

  test("OpenCode asks nobody for anything when it starts on a directory", async () => {
    // For a tool of its user's own it waits until what it fetches is there or cannot be had.
    const tool =
      "mkdir -p ~/.config/opencode/tool /workspace/quiet && echo 'export default {}' > ~/.config/opencode/tool/own.ts";
    expect(await host.exec(name, ["sh", "-c", tool])).toMatchObject({ exitCode: 0 });
    const tools = `${at}/ports/4096/experimental/tool/ids?directory=/workspace/quiet`;
    const answer = await host.request(tools, { headers: openCodeAuthorization });
    await answer.text();
    expect(answer.status).toBe(200);
    expect(host.log.filter((line) => line.includes("egress.refused"))).toEqual([]);
  });

  test("a body reaches OpenCode, and its events pass as they come", async () => {
    const events = await host.request(`${at}/ports/4096/event?directory=/workspace`, {
      headers: openCodeAuthorization,
    });
    expect(events.headers.get("content-type")).toContain("text/event-stream");
    const reader = events.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toContain("server.connected");
    const created = await host.request(`${at}/ports/4096/session?directory=/workspace`, {
      method: "POST",
      headers: { ...openCodeAuthorization, "content-type": "application/json" },
      body: JSON.stringify({ title: "a title" }),
    });
    expect(await created.json()).toMatchObject({ title: "a title", directory: "/workspace" });
    let seen = "";
    while (!seen.includes("session.created"))
      seen += (await reader?.read())?.value ?? "end of the stream: session.created";
    expect(seen).not.toContain("end of the stream");
    await reader?.cancel();
  });

  test("a terminal works through a WebSocket although the page's origin is another one", async () => {
    const socket = await openTerminal();
    let output = "";
    await new Promise<void>((done, fail) => {
      socket.on("error", fail);
      socket.send("echo $((40 + 2))\n");
      socket.on("message", (message) => {
        output += String(message);
        if (output.includes("42")) done();
      });
    });
    socket.close();
  });

  test("a handle of another generation is refused on HTTP and closed with 4409 on WebSocket", async () => {
    const headers = { "x-sandbox-generation": "2" };
    for (const path of [`${at}/ports/4096/global/health`, `${at}/files?path=a`]) {
      const answer = await host.request(path, { headers: { ...openCodeAuthorization, ...headers } });
      expect(answer.status).toBe(502);
      expect(await answer.json()).toMatchObject({ error: { _tag: "SandboxInterrupted", retryable: true } });
    }
    const url = `${host.url.replace("http", "ws")}/v1${at}/ports/4096/`;
    const socket = new WebSocket(url, { headers: { ...authorization, ...headers } });
    const code = await new Promise((done) => socket.on("close", done));
    expect(code).toBe(4409);
  });

  test("a port where nothing listens is an upstream error", async () => {
    const answer = await host.request(`${at}/ports/9/`);
    expect([answer.status, await answer.json()]).toMatchObject([502, { error: { _tag: "UpstreamError" } }]);
  });

  test("a redirect goes back to the caller", async () => {
    const program = `require("http").createServer((q, r) => r.writeHead(302, { location: "http://127.0.0.1:4096/" }).end()).listen(5000, "127.0.0.1", () => require("fs").writeFileSync("/workspace/up", ""))`;
    const script = 'setsid node -e "$0" >/dev/null 2>&1 & while [ ! -e up ]; do :; done; rm up';
    await host.exec(name, ["sh", "-c", script, program]);
    const answer = await host.request(`${at}/ports/5000/`);
    expect([answer.status, answer.headers.get("location")]).toEqual([302, "http://127.0.0.1:4096/"]);
  });

  test("a program runs without a shell, with input, environment and folder, and answers with its exit code", async () => {
    expect(await host.exec(name, ["printf", "%s", "$(id) `id` ;id"])).toMatchObject({
      exitCode: 0,
      stdout: "$(id) `id` ;id",
    });
    const answer = await host.exec(name, ["sh", "-c", "cat; pwd; echo $EXTRA >&2; exit 3"], {
      stdin: "in\n",
      env: { EXTRA: "extra" },
      cwd: "/tmp",
    });
    expect(answer).toMatchObject({ exitCode: 3, stdout: "in\n/tmp\n", stderr: "extra\n", isTimedOut: false });
    expect(await host.exec(name, ["no-such-program"])).toMatchObject({ exitCode: 127 });
  });

  test("a program that takes too long is killed with its whole group", async () => {
    const answer = await host.exec(name, ["sh", "-c", "sleep 600 & echo $!; wait"], { timeoutMs: 3_000 });
    expect(answer).toMatchObject({ isTimedOut: true, exitCode: 137 });
    expect(answer.stdout.trim()).toMatch(/^\d+$/);
    const isAlive = await host.exec(name, ["sh", "-c", `kill -0 ${answer.stdout.trim()}`]);
    expect(isAlive.exitCode).not.toBe(0);
  });

  test("A55: output past one mebibyte is dropped and said to be", async () => {
    const answer = await host.exec(name, ["sh", "-c", "head -c 50000000 /dev/zero"]);
    expect(answer).toMatchObject({ exitCode: 0, isTruncated: true });
    expect(answer.stdout).toHaveLength(1024 * 1024);
  });

  test("files written from outside belong to the programs inside, and the other way round", async () => {
    const put = await host.request(`${at}/files?path=notes/a.txt`, { method: "PUT", body: "from outside" });
    expect(put.status).toBe(204);
    const edit = "cat notes/a.txt && echo and inside >> notes/a.txt && mv notes/a.txt notes/b.txt";
    expect(await host.exec(name, ["sh", "-c", edit])).toMatchObject({ exitCode: 0, stdout: "from outside" });
    expect(await (await host.request(`${at}/files?path=/workspace/notes/b.txt`)).text()).toBe(
      "from outsideand inside\n",
    );
    expect(await host.json(`${at}/entries?path=notes`)).toMatchObject({ entries: [{ name: "b.txt", kind: "file" }] });
    expect((await host.request(`${at}/files?path=notes`, { method: "DELETE" })).status).toBe(204);
    expect((await host.request(`${at}/files?path=notes/b.txt`)).status).toBe(404);
  });

  test("A54: a link made inside opens nothing of the host", async () => {
    await host.exec(name, ["ln", "-s", "/", "root"]);
    const answer = await host.request(`${at}/files?path=root/etc/hostname`);
    expect([answer.status, await answer.json()]).toMatchObject([400, { error: { _tag: "PathRejected" } }]);
  });

  test("the model gateway is reached from inside with the sandbox's credential, and only what it needs passes", async () => {
    const ask = ["curl", "-sN", "-d", "{}", "-H", "authorization: Bearer sandbox-credential", "-H", "x-other: 1"];
    const answer = await host.exec(name, [...ask, "-i", "http://127.0.0.1:8787/model/v1/chat/completions"]);
    expect(answer.stdout).toContain("data: one\n\ndata: two\n\ndata: [DONE]");
    expect(answer.stdout).not.toContain("not for the sandbox");
    const request = host.gateway.requests.at(-1);
    expect(request).toMatchObject({ method: "POST", url: "/internal/model/v1/chat/completions" });
    expect(request?.headers.authorization).toBe("Bearer sandbox-credential");
    expect(request?.headers["x-other"]).toBeUndefined();
  });

  test("A51: nothing else is reached from inside", async () => {
    const { port } = new URL(host.url);
    const direct = await host.exec(name, [
      "curl",
      "-s",
      "--noproxy",
      "*",
      "-m",
      "5",
      `http://127.0.0.1:${port}/v1/health`,
    ]);
    expect(direct).toMatchObject({ exitCode: 7, stdout: "" });
    for (const target of [
      "http://127.0.0.1:8787/v1/health",
      "http://127.0.0.1:8787/model/../v1/health",
      "http://example.com/",
    ]) {
      const answer = await host.exec(name, ["curl", "-s", "--path-as-is", "-m", "5", "-w", "%{http_code}", target]);
      expect(answer.stdout).toMatch(/403$/);
    }
    const tunnel = await host.exec(name, ["curl", "-s", "-m", "5", "-w", "%{http_connect}", "https://example.com/"]);
    expect(tunnel.stdout).toBe("403");
    const redirect = await host.exec(name, [
      "curl",
      "-s",
      "-L",
      "-w",
      "%{http_code}",
      "http://127.0.0.1:8787/model/redirect",
    ]);
    expect(redirect.stdout).toMatch(/502$/);
  });

  test("the jail shows neither the host's paths nor the password of OpenCode in its process list", async () => {
    const list = await host.exec(name, ["sh", "-c", "cat /proc/*/cmdline | tr '\\0' ' '; env"]);
    expect(list.stdout).toContain("opencode serve");
    expect(list.stdout).not.toContain(host.state);
    expect(list.stdout).not.toContain(password);
    expect(list.stdout).not.toContain("sandbox-credential");
  });

  test("A52: a signal opens no debugger in the sandbox's first program, and does not end it", async () => {
    const script = `
      for folder in /proc/[0-9]*; do
        if tr '\\0' ' ' < $folder/cmdline | grep -q '^[^ ]*node .*[s]upervisor.ts'; then kill -USR1 \${folder#/proc/}; echo sent; fi
      done
      perl -MIO::Socket::INET -e 'for (1..20) { print "open" if IO::Socket::INET->new(PeerAddr => "127.0.0.1:9229"); select(undef, undef, undef, 0.05) }'`;
    expect(await host.exec(name, ["bash", "-c", script])).toMatchObject({ exitCode: 0, stdout: "sent\n" });
    expect(await host.exec(name, ["echo", "alive"])).toMatchObject({ stdout: "alive\n" });
  });

  test("a lower generation is refused, a higher one takes over with the same workspace and sessions", async () => {
    await host.request(`${at}/files?path=kept.txt`, { method: "PUT", body: "kept" });
    const terminal = await openTerminal();
    const closed = new Promise((done) => terminal.on("close", done));
    const next = await host.json(at, { method: "PUT", body: ensureBody(2) });
    expect(next).toMatchObject({ generation: 2, status: "ready" });
    expect(await closed).toBe(4409);
    const lower = await host.request(at, { method: "PUT", body: ensureBody(1) });
    expect([lower.status, await lower.json()]).toMatchObject([409, { error: { _tag: "Conflict" } }]);
    expect(await (await host.request(`${at}/files?path=kept.txt`)).text()).toBe("kept");
    const sessions = await host.json(`${at}/ports/4096/session?directory=/workspace`, {
      headers: openCodeAuthorization,
    });
    expect(sessions).toMatchObject([{ title: "a title" }]);
  });

  test("a crash of OpenCode is told with its reason, and the generation is over", async () => {
    await host.exec(name, ["sh", "-c", "kill -TERM $(pidof opencode)"]);
    const answer = await host.request(`${at}/ports/4096/global/health`);
    expect([answer.status, await answer.json()]).toMatchObject([502, { error: { _tag: "SandboxInterrupted" } }]);
    expect(await host.json(at)).toMatchObject({
      status: "failed",
      reason: expect.stringContaining("OpenCode stopped unexpectedly"),
    });
    expect(await host.json(at, { method: "PUT", body: ensureBody(2) })).toMatchObject({ status: "failed" });
  });

  test("removal leaves nothing but what was asked for", async () => {
    expect((await host.request(`${at}?keepWorkspace=true`, { method: "DELETE" })).status).toBe(204);
    expect(await (await host.request(`${at}/files?path=kept.txt`)).text()).toBe("kept");
    expect((await host.request(at, { method: "DELETE" })).status).toBe(204);
    expect((await host.request(`${at}/files?path=kept.txt`)).status).toBe(404);
    expect((await host.request(at)).status).toBe(404);
  });
});

describe.skipIf(opened === undefined)("a machine with one place", () => {
  test("puts an idle sandbox to sleep for another, never one with an open stream, and keeps what it had", async () => {
    const clock = { now: 0 };
    const host = await openTestHost({ SANDBOX_RUNNING_MAX: "1" }, { now: () => clock.now });
    if ("refusal" in host) throw new Error(host.refusal);
    onTestFinished(() => host.close());
    const [first, second] = [sandboxName(), sandboxName()].map((one) => `/sandboxes/${one}`);
    await host.json(`${first}`, { method: "PUT", body: ensureBody(1) });
    await host.request(`${first}/files?path=kept.txt`, { method: "PUT", body: "kept" });
    const control = new AbortController();
    const events = `${first}/ports/4096/event?directory=/workspace`;
    await host.request(events, { headers: openCodeAuthorization, signal: control.signal });

    clock.now += 10 * idleAfterMs;
    const refused = await host.request(`${second}`, { method: "PUT", body: ensureBody(1) });
    expect([refused.status, await refused.json()]).toMatchObject([503, { error: { _tag: "SandboxStarting" } }]);
    control.abort();
    const askAgain = async () => {
      clock.now += 2 * idleAfterMs;
      return (await host.request(`${second}`, { method: "PUT", body: ensureBody(1) })).status;
    };
    await expect.poll(askAgain).toBe(200);

    expect(await host.json(`${first}`)).toMatchObject({ status: "stopped", reason: expect.stringContaining("Asleep") });
    expect(await (await host.request(`${first}/files?path=kept.txt`)).text()).toBe("kept");
  });
});
