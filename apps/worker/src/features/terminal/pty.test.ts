import { Generation, TerminalId } from "@threadbox/contracts/ids";
import type { ExecRequest } from "@threadbox/contracts/sandbox-host";
import { terminalLimits } from "@threadbox/contracts/terminal-limits";
import { Effect } from "effect";
import { describe, expect, test } from "vitest";
import { newThreadId } from "../../testing/tokens.testing.ts";
import { type SandboxClient, SandboxUnavailableError } from "../sandbox/index.ts";
import { openCodeAlone } from "../sandbox/sandbox-client.testing.ts";
import { makePtys } from "./pty.ts";

const id = TerminalId.make("pty_1");

/** The terminals of a sandbox in which any program answers; null: nobody does. */
const ptysOf = (answer: () => Response | null) => {
  const asked: { readonly path: string; readonly init: RequestInit | undefined }[] = [];
  const ran: ExecRequest[] = [];
  const sandbox: SandboxClient = {
    ...openCodeAlone,
    threadId: newThreadId(),
    generation: Generation.make(1),
    provider: "local",
    fetch: () => Effect.die("not used"),
    connect: () => Effect.die("not used"),
    fetchPort: (port, path, init) =>
      Effect.suspend(() => {
        asked.push({ path: `${port} ${path}`, init });
        const answered = answer();
        return answered === null
          ? Effect.fail(new SandboxUnavailableError({ reason: "Nothing answers on port 4097." }))
          : Effect.succeed(answered);
      }),
    keyFor: (purpose) => Effect.succeed(`key for ${purpose}`),
    exec: (request) =>
      Effect.sync(() => {
        ran.push(request);
        return { exitCode: 0, stdout: "", stderr: "", isTruncated: false, isTimedOut: false, durationMs: 1 };
      }),
    markActivity: () => Effect.void,
  };
  return { ptys: makePtys(sandbox), asked, ran };
};
const list = (...terminals: readonly unknown[]) => Response.json({ terminals });

test("the server of the terminals is started where nobody answers, with its key and without OpenCode's secrets", async () => {
  const answers = [null, Response.json({ id, title: "Terminal 1", status: "running", exitCode: null })];
  const { ptys, asked, ran } = ptysOf(() => answers.shift() ?? null);
  const terminal = await Effect.runPromise(ptys.create("Terminal 1"));
  expect(terminal).toEqual({ id, title: "Terminal 1", status: "running", exitCode: null });
  expect(asked.map(({ path }) => path)).toEqual(["4097 /terminals", "4097 /terminals"]);
  const { headers } = new Request("http://sandbox.test", asked[1]?.init);
  expect(headers.get("authorization")).toBe("Bearer key for terminals");
  expect(ran.map(({ argv }) => argv)).toEqual([["node", "/opt/threadbox/supervisor/terminals/main.ts"]]);
  expect(JSON.parse(ran[0]?.stdin ?? "")).toMatchObject({
    key: "key for terminals",
    folder: "/workspace",
    hiddenVariables: ["OPENCODE_SERVER_PASSWORD", "OPENCODE_CONFIG_CONTENT"],
  });
});

test("an answer in the place of a server that isn't there has it started, too", async () => {
  const answers = [new Response("no port", { status: 503 }), list()];
  const { ptys, ran } = ptysOf(() => answers.shift() ?? null);
  expect(await Effect.runPromise(ptys.list)).toEqual([]);
  expect(ran).toHaveLength(1);
});

test("a sandbox that nobody answers in even so has no terminals to show", async () => {
  const { ptys, asked } = ptysOf(() => null);
  expect((await Effect.runPromise(Effect.flip(ptys.list))).wireTag).toBe("SandboxUnavailable");
  expect(asked).toHaveLength(2);
});

test("a name from inside is plain and short", async () => {
  const title = `\u001b]0;evil\u0007${"x".repeat(500)}`;
  const { ptys } = ptysOf(() => list({ id, title, status: "exited", exitCode: 3 }));
  const [terminal] = await Effect.runPromise(ptys.list);
  expect(terminal?.title).toHaveLength(terminalLimits.titleLengthMax);
  expect(terminal?.title).toMatch(/^\]0;evilx+$/);
  expect(terminal?.exitCode).toBe(3);
});

describe("what no server of terminals answers is not believed", () => {
  test.each([
    ["no list", () => Response.json({})],
    ["an id that is a path", () => list({ id: "pty_../../auth", title: "", status: "running", exitCode: null })],
    ["a status of its own", () => list({ id, title: "", status: "admin", exitCode: null })],
    ["no JSON", () => new Response("<script>")],
    ["more than is read", () => new Response(`[${" ".repeat(200_000)}]`)],
    ["lists without end", () => new Response("[".repeat(1_000))],
    ["a failure", () => new Response("[]", { status: 500 })],
    ["a redirect", () => new Response(null, { status: 302, headers: { location: "http://169.254.169.254/" } })],
  ])("%s", async (_, answer) => {
    const failure = await Effect.runPromise(Effect.flip(ptysOf(answer).ptys.list));
    expect(failure).toMatchObject({ wireTag: "SandboxUnavailable", message: "Can't reach the sandbox's terminals." });
  });

  test("a terminal that is not there is said not to be", async () => {
    const failure = await Effect.runPromise(
      Effect.flip(ptysOf(() => new Response("{}", { status: 404 })).ptys.rename(id, "a")),
    );
    expect(failure.wireTag).toBe("NotFound");
  });
});
