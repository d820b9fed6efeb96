import { Generation, TerminalId } from "@threadbox/contracts/ids";
import { terminalLimits } from "@threadbox/contracts/terminal-limits";
import { Effect } from "effect";
import { describe, expect, test } from "vitest";
import { newThreadId } from "../../testing/tokens.testing.ts";
import type { SandboxClient } from "../sandbox/index.ts";
import { openCodeAlone } from "../sandbox/sandbox-client.testing.ts";
import { makePtys } from "./pty.ts";

const id = TerminalId.make("pty_1");

/** The terminals of a sandbox in which any program answers. */
const ptysOf = (answer: () => Response) => {
  const asked: { readonly path: string; readonly init: RequestInit | undefined }[] = [];
  const sandbox: SandboxClient = {
    threadId: newThreadId(),
    generation: Generation.make(1),
    provider: "local",
    fetch: (path, init) =>
      Effect.sync(() => {
        asked.push({ path, init });
        return answer();
      }),
    connect: () => Effect.die("not used"),
    ...openCodeAlone,
    markActivity: () => Effect.void,
  };
  return { ptys: makePtys(sandbox), asked };
};

test("a person's shell is bash in the workspace, without what opens OpenCode or pays for its model", async () => {
  const { ptys, asked } = ptysOf(() => Response.json({ id, title: "Terminal 1", status: "running" }));
  const terminal = await Effect.runPromise(ptys.create("Terminal 1"));
  expect(terminal).toEqual({ id, title: "Terminal 1", status: "running", exitCode: null });
  const body = JSON.parse(String(asked[0]?.init?.body));
  expect(body).toMatchObject({ command: "/bin/bash", cwd: "/workspace" });
  // It says last with what code it ended, since OpenCode does not.
  expect(body.args).toEqual(["-c", `/bin/bash -l; printf '\\033]7779;%d\\033\\\\' "$?"; sleep 0.1`]);
  expect(body.env).toMatchObject({ OPENCODE_SERVER_PASSWORD: "", OPENCODE_CONFIG_CONTENT: "" });
});

test("a name from inside is plain and short", async () => {
  const title = `\u001b]0;evil\u0007${"x".repeat(500)}`;
  const { ptys } = ptysOf(() => Response.json([{ id, title, status: "exited", exitCode: 3 }]));
  const [terminal] = await Effect.runPromise(ptys.list);
  expect(terminal?.title).toHaveLength(terminalLimits.titleLengthMax);
  expect(terminal?.title).toMatch(/^\]0;evilx+$/);
  expect(terminal?.exitCode).toBe(3);
});

describe("what OpenCode doesn't answer is not believed", () => {
  test.each([
    ["no list", () => Response.json({})],
    ["an id that is a path", () => Response.json([{ id: "pty_../../auth", title: "", status: "running" }])],
    ["a status of its own", () => Response.json([{ id, title: "", status: "admin" }])],
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
      Effect.flip(ptysOf(() => new Response("{}", { status: 404 })).ptys.get(id)),
    );
    expect(failure.wireTag).toBe("NotFound");
  });
});
