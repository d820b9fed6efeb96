import { cutText } from "@threadbox/contracts/cut-text";
import type { TerminalId } from "@threadbox/contracts/ids";
import { openCodeConfigVariable, openCodePort, workspacePath } from "@threadbox/contracts/opencode";
import { terminalsPath, terminalsPort, terminalsProgram } from "@threadbox/contracts/sandbox-terminals";
import { Terminal, Terminals, terminalPositionParameter } from "@threadbox/contracts/terminal";
import { terminalLimits } from "@threadbox/contracts/terminal-limits";
import { Effect, Schema } from "effect";
import { readBytes } from "../../http/body.ts";
import { isDeeperThan } from "../../platform/json-depth.ts";
import { type SandboxClient, type SandboxError, SandboxUnavailableError } from "../sandbox/index.ts";
import { TerminalGoneError, TerminalSilentError } from "./errors.ts";

/** Most bytes and depth of one answer; a dozen terminals take a tenth of that. */
const [answerBytesMax, answerDepthMax] = [32 * 1024, 8];
const answerTimeout = "10 seconds";
/** A loaded machine takes its time for two starts of Node. */
const startMsMax = 60_000;

const decodeTerminal = Schema.decodeUnknownEffect(Terminal);
const decodeTerminals = Schema.decodeUnknownEffect(Terminals);

/** A program inside may have named it: no control characters, and no longer than a tab shows. */
const plain = (terminal: Terminal): Terminal => ({
  ...terminal,
  title: cutText(terminal.title.replace(/\p{Cc}/gu, ""), terminalLimits.titleLengthMax),
});

/** What the server of the terminals is told at its start. */
const startMessage = (key: string): string =>
  JSON.stringify({
    key,
    port: terminalsPort,
    folder: workspacePath,
    openCodePort,
    hiddenVariables: ["OPENCODE_SERVER_PASSWORD", openCodeConfigVariable],
  });

const json = (method: "POST" | "PUT", body: unknown): RequestInit => ({
  method,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

type PtyError = SandboxError | TerminalSilentError | TerminalGoneError;

/** The terminals of one running sandbox. Their server is started when it is first asked for. */
export interface Ptys {
  readonly list: Effect.Effect<readonly Terminal[], PtyError>;
  create(title: string): Effect.Effect<Terminal, PtyError>;
  rename(id: TerminalId, title: string): Effect.Effect<Terminal, PtyError>;
  /** Ends the shell and what it runs in the foreground. */
  remove(id: TerminalId): Effect.Effect<void, PtyError>;
  /** Output from that position on, then what follows; the caller accepts the socket. */
  connect(id: TerminalId, position: number): Effect.Effect<WebSocket, SandboxError>;
}

export const makePtys = (sandbox: SandboxClient): Ptys => {
  const silent = (cause: unknown) => new TerminalSilentError({ cause: String(cause) });
  /** What stands before a port may answer for it where nothing listens; the server itself has no such answers. */
  const nobody = (status: number) =>
    new SandboxUnavailableError({ reason: "Can't reach the sandbox's terminals.", cause: `status ${status}` });
  const key = sandbox.keyFor("terminals");

  const send = Effect.fnUntraced(function* (path: string, init: RequestInit) {
    const headers = new Headers(init.headers);
    headers.set("authorization", `Bearer ${yield* key}`);
    return yield* sandbox.fetchPort(terminalsPort, `${terminalsPath}${path}`, { ...init, headers });
  });

  /** Harmless where it runs already. */
  const start = Effect.fnUntraced(function* () {
    const argv = ["node", terminalsProgram] as const;
    const { exitCode, stderr } = yield* sandbox.exec({
      argv,
      stdin: `${startMessage(yield* key)}\n`,
      timeoutMs: startMsMax,
    });
    if (exitCode !== 0) return yield* silent(`exit ${exitCode}: ${stderr.slice(0, 200)}`);
  });

  const ask = Effect.fnUntraced(function* (path: string, init: RequestInit) {
    const answer = Effect.acquireUseRelease(
      Effect.sync(() => new AbortController()),
      Effect.fnUntraced(function* ({ signal }): Effect.fn.Return<unknown, PtyError> {
        const response = yield* send(path, { ...init, signal });
        if (response.status === 404) return yield* new TerminalGoneError();
        if (response.status >= 500) return yield* nobody(response.status);
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

  /** Where nobody answers there is no server yet; its start takes its own time. */
  const call = Effect.fn("Ptys.call")((path: string, init: RequestInit = {}) =>
    Effect.catchTag(ask(path, init), "SandboxUnavailableError", () => Effect.andThen(start(), ask(path, init))),
  );
  const one = (body: unknown) => Effect.mapError(Effect.map(decodeTerminal(body), plain), silent);
  const many = (body: unknown) =>
    Effect.mapError(
      Effect.map(decodeTerminals(body), ({ terminals }) => terminals.map(plain)),
      silent,
    );

  return {
    list: Effect.flatMap(call(""), many),
    create: (title) => Effect.flatMap(call("", json("POST", { title })), one),
    rename: (id, title) => Effect.flatMap(call(`/${id}`, json("PUT", { title })), one),
    remove: (id) => Effect.asVoid(call(`/${id}`, { method: "DELETE" })),
    connect: Effect.fnUntraced(function* (id, position) {
      const path = `${terminalsPath}/${id}/socket?${terminalPositionParameter}=${position}`;
      const headers = { authorization: `Bearer ${yield* key}` };
      return yield* sandbox.connectPort(terminalsPort, path, { headers });
    }),
  };
};
