import { cutText } from "@threadbox/contracts/cut-text";
import { TerminalId } from "@threadbox/contracts/ids";
import { openCodeConfigVariable, workspacePath } from "@threadbox/contracts/opencode";
import type { Terminal, TerminalSize } from "@threadbox/contracts/terminal";
import { terminalExitCommand, terminalLimits } from "@threadbox/contracts/terminal-limits";
import { Effect, Schema } from "effect";
import { readBytes } from "../../http/body.ts";
import { isDeeperThan } from "../../platform/json-depth.ts";
import type { SandboxClient, SandboxError } from "../sandbox/index.ts";
import { TerminalGoneError, TerminalSilentError } from "./errors.ts";

/** Most bytes and depth of one answer; what OpenCode sends of thirty terminals is a tenth of that. */
const [answerBytesMax, answerDepthMax] = [128 * 1024, 8];
const answerTimeout = "10 seconds";

/** A terminal in OpenCode's words. */
const Pty = Schema.Struct({
  id: TerminalId,
  title: Schema.String,
  status: Schema.Literals(["running", "exited"]),
  exitCode: Schema.optionalKey(Schema.NullOr(Schema.Int)),
});
const decodePty = Schema.decodeUnknownEffect(Pty);
const decodePtys = Schema.decodeUnknownEffect(Schema.Array(Pty));

/** A program inside may have named it: no control characters, and no longer than a tab shows. */
const plainTitle = (title: string): string => cutText(title.replace(/\p{Cc}/gu, ""), terminalLimits.titleLengthMax);

const toTerminal = ({ id, title, status, exitCode }: typeof Pty.Type): Terminal => ({
  id,
  title: plainTitle(title),
  status,
  exitCode: exitCode ?? null,
});

/**
 * OpenCode forgets a terminal when its shell ends, and with what code. The output says it last; the short wait lets OpenCode
 * read that before it hears of the end.
 */
const script = `/bin/bash -l; printf '\\033]${terminalExitCommand};%d\\033\\\\' "$?"; sleep 0.1`;

/**
 * A person's shell is bash itself, not the agent's (0009). OpenCode hands its own environment on; what opens its server or
 * pays for its model is of no use to a person, and would stand on their screen.
 */
const shell = {
  command: "/bin/bash",
  args: ["-c", script],
  cwd: workspacePath,
  env: { SHELL: "/bin/bash", COLORTERM: "truecolor", OPENCODE_SERVER_PASSWORD: "", [openCodeConfigVariable]: "" },
};

/** Every path is asked for the workspace, wherever the server itself was started. */
const at = (path: string, query: Readonly<Record<string, string>> = {}): string =>
  `/pty${path}?${new URLSearchParams({ ...query, directory: workspacePath })}`;

const json = (method: "POST" | "PUT", body: unknown): RequestInit => ({
  method,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

type PtyError = SandboxError | TerminalSilentError | TerminalGoneError;

/** The terminals of one running sandbox, by OpenCode's own API: it is there with every provider. */
export interface Ptys {
  readonly list: Effect.Effect<readonly Terminal[], PtyError>;
  get(id: TerminalId): Effect.Effect<Terminal, PtyError>;
  create(title: string): Effect.Effect<Terminal, PtyError>;
  rename(id: TerminalId, title: string): Effect.Effect<Terminal, PtyError>;
  resize(id: TerminalId, size: TerminalSize): Effect.Effect<void, PtyError>;
  /** Ends the shell and what it runs in the foreground. */
  remove(id: TerminalId): Effect.Effect<void, PtyError>;
  /** Output from that position on, then what follows; the caller accepts the socket. */
  connect(id: TerminalId, position: number): Effect.Effect<WebSocket, SandboxError>;
}

export const makePtys = (sandbox: SandboxClient): Ptys => {
  const silent = (cause: unknown) => new TerminalSilentError({ cause: String(cause) });

  const call = Effect.fn("Ptys.call")(function* (path: string, init: RequestInit = {}) {
    const answer = Effect.acquireUseRelease(
      Effect.sync(() => new AbortController()),
      Effect.fnUntraced(function* ({ signal }): Effect.fn.Return<unknown, PtyError> {
        const response = yield* sandbox.fetch(at(path), { ...init, signal });
        if (response.status === 404) return yield* new TerminalGoneError();
        if (!response.ok) return yield* silent(response.status);
        const bytes = yield* Effect.tryPromise({ try: () => readBytes(response, answerBytesMax), catch: silent });
        if (bytes === null) return yield* silent("too many bytes");
        const text = new TextDecoder().decode(bytes);
        if (isDeeperThan(text, answerDepthMax)) return yield* silent("too deep");
        return yield* Effect.try({ try: (): unknown => (text === "" ? null : JSON.parse(text)), catch: silent });
      }),
      // What is left of an answer that nobody waits for any more is not read.
      (control) => Effect.sync(() => control.abort()),
    );
    return yield* Effect.timeoutOrElse(answer, {
      duration: answerTimeout,
      orElse: () => Effect.fail(silent("timeout")),
    });
  });
  const one = (body: unknown) => Effect.mapError(Effect.map(decodePty(body), toTerminal), silent);

  return {
    list: Effect.flatMap(call(""), (body) =>
      Effect.mapError(
        Effect.map(decodePtys(body), (ptys) => ptys.map(toTerminal)),
        silent,
      ),
    ),
    get: (id) => Effect.flatMap(call(`/${id}`), one),
    create: (title) => Effect.flatMap(call("", json("POST", { ...shell, title })), one),
    rename: (id, title) => Effect.flatMap(call(`/${id}`, json("PUT", { title })), one),
    resize: (id, { columns, rows }) => Effect.asVoid(call(`/${id}`, json("PUT", { size: { cols: columns, rows } }))),
    remove: (id) => Effect.asVoid(call(`/${id}`, { method: "DELETE" })),
    connect: (id, position) => sandbox.connect(at(`/${id}/connect`, { cursor: String(position) })),
  };
};
