import type { Duplex } from "node:stream";
import { setTimeout } from "node:timers/promises";
import { type ExecRequest, ExecResult, RecycledOpenCode, ToldSecret } from "@threadbox/contracts/sandbox-host";
import { Result, Schema } from "effect";
import { HostError, interrupted } from "../../errors.ts";
import type { RunningSandbox, SandboxEnd } from "../engine.ts";
import type { ControlSocket } from "./control-socket.ts";
import { commandLineOf, type Freezer, processorMs, watchLives } from "./freezer.ts";
import type { AssignRequest, ProgramRequest } from "./inside/protocol.ts";
import { inside } from "./profile.ts";

const outputBytesMax = 1024 * 1024;
const defaultTimeoutMs = 60_000;
const timeoutMsMax = 30 * 60_000;
/** How long after a program's own time limit the supervisor may take to answer. */
const graceMs = 5_000;
/** The supervisor falls silent a moment before its sandbox is known to have ended. */
const endNoticeMs = 1_000;
/** Both outputs, with every byte escaped as `\u00xx`. */
const answerBytesMax = 2 * 6 * outputBytesMax + 4096;

/** A sandbox asks the worker for five seconds at most. */
const tellTimeoutMs = 7_000;

/** OpenCode ends in five seconds at the latest, and starts again in a minute. */
const recycleTimeoutMs = 65_000;

/** Some small files are written. */
const assignTimeoutMs = 10_000;

const decodeAssigned = Schema.decodeUnknownResult(
  Schema.fromJsonString(Schema.Struct({ isAssigned: Schema.Literal(true) })),
);
const decodeRecycled = Schema.decodeUnknownResult(Schema.fromJsonString(RecycledOpenCode));
const decodeTold = Schema.decodeUnknownResult(Schema.fromJsonString(ToldSecret));
const decodeResult = Schema.decodeUnknownResult(Schema.fromJsonString(ExecResult));

/** What the program inside is told of a request, within the host's bounds. */
export const programRequest = (request: ExecRequest): ProgramRequest => ({
  kind: "exec",
  argv: [request.argv[0], ...request.argv.slice(1)],
  cwd: request.cwd ?? inside.workspace,
  env: request.env ?? {},
  stdin: request.stdin ?? "",
  timeoutMs: Math.min(Math.max(request.timeoutMs ?? defaultTimeoutMs, 1), timeoutMsMax),
  outputBytesMax,
});

/** Reads one answer of the supervisor, which is not trusted: bounded in size and time. */
const readAnswer = (stream: Duplex, timeoutMs: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const limit = globalThis.setTimeout(
      () => stream.destroy(new HostError("UpstreamTimeout", "The program did not end in time.")),
      timeoutMs,
    );
    stream.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > answerBytesMax) stream.destroy(new HostError("UpstreamError", "The sandbox sent too long an answer."));
      else chunks.push(chunk);
    });
    stream.once("error", (error) => {
      if (error instanceof HostError) reject(error);
    });
    // A broken connection is an answer cut short.
    stream.once("close", () => {
      clearTimeout(limit);
      resolve(Buffer.concat(chunks).toString("utf8"));
    });
  });

export interface RunningSandboxParts {
  readonly startedInMs: number;
  readonly control: ControlSocket;
  readonly ended: Promise<SandboxEnd>;
  readonly stop: (reason: string) => Promise<void>;
  readonly reconsiderEgress: () => Promise<number>;
  readonly trial: RunningSandbox["trial"];
  readonly authorize?: NonNullable<RunningSandbox["authorize"]>;
  readonly freezer: Freezer;
  /** Resolves when OpenCode answers again. */
  readonly isHealthy: () => Promise<void>;
  readonly openCodeMib: number;
}

const ours = [`${inside.programs}/opencode\0serve\0`, `${inside.supervisor}/supervisor.ts\0`];

/** OpenCode and the supervisor compute a little even when nobody asks anything of them, the more the slower a machine. */
const isProgram = (pid: number): boolean => {
  const commandLine = commandLineOf(pid);
  return !ours.some((part) => commandLine.includes(part));
};

const restOf = (freezer: Freezer) => {
  let hasLost = () => false;
  return {
    freeze: () => {
      freezer.freeze();
      hasLost = watchLives(freezer.processes());
    },
    thaw: () => freezer.thaw(),
    isHurt: () => hasLost(),
    processorMs: () => processorMs(freezer.processes().filter(isProgram)),
  };
};

/** Puts into a sandbox what is its start's own. */
interface Assignable extends RunningSandbox {
  assign(own: Omit<AssignRequest, "kind">): Promise<void>;
}

export const runningSandbox = ({
  control,
  ended,
  freezer,
  isHealthy,
  openCodeMib,
  ...parts
}: RunningSandboxParts): Assignable => ({
  ...parts,
  ended,
  ...restOf(freezer),
  recycleOpenCode: async () => {
    const answer = readAnswer(control.open({ kind: "recycle", pastMib: openCodeMib }), recycleTimeoutMs);
    const recycled = decodeRecycled(await answer.catch(() => ""));
    try {
      if (Result.isFailure(recycled)) throw new HostError("UpstreamError", "OpenCode couldn't be started anew.");
      if (recycled.success.isRecycled) await isHealthy();
      return recycled.success;
    } catch (error) {
      // Without OpenCode it is of no use; the next need starts it as after any sleep.
      await parts.stop("OpenCode didn't start again.");
      throw error;
    }
  },
  assign: async (own) => {
    const answer = await readAnswer(control.open({ kind: "assign", ...own }), assignTimeoutMs);
    if (Result.isFailure(decodeAssigned(answer))) throw new HostError("UpstreamError", "The sandbox took no start.");
  },
  tellSecret: async (news) => {
    const answer = readAnswer(control.open({ kind: "secret", ...news }), tellTimeoutMs);
    const told = decodeTold(await answer.catch(() => ""));
    return Result.isSuccess(told) ? told.success : { outcome: "failed", version: null };
  },
  connect: (port) => control.open({ kind: "port", port }),
  exec: async (request) => {
    const program = programRequest(request);
    const answer = decodeResult(await readAnswer(control.open(program), program.timeoutMs + graceMs));
    if (Result.isSuccess(answer)) return answer.success;
    const end = await Promise.race([ended, setTimeout(endNoticeMs, undefined, { ref: false })]);
    throw end === undefined ? interrupted() : new HostError("SandboxInterrupted", end.reason);
  },
});
