import { waitUntil } from "cloudflare:workers";
import {
  codemodeApi,
  type FromMachine,
  FromMachine as FromMachineSchema,
  ToMachine,
} from "@threadbox/contracts/codemode";
import { codemodeLimits } from "@threadbox/contracts/codemode-limits";
import type { ThreadId } from "@threadbox/contracts/ids";
import { Context, Effect, Layer, Redacted, Schema } from "effect";
import { WorkerConfig } from "../../config.ts";
import { newSecretText } from "../../platform/ids.ts";

/**
 * A tool call of a program on its way. Rejects with words for the program. `pause`: the call waits for a person, and the clock of
 * the run stands until its answer.
 */
export type AnswerCall = (tool: string, input: Schema.Json, pause?: () => void) => Promise<Schema.Json>;

export interface MachineRun {
  /** Whose program it is. */
  readonly threadId: ThreadId;
  readonly program: string;
  /** What it is called with. */
  readonly input?: Schema.Json;
  readonly namespaces: Extract<ToMachine, { type: "run" }>["namespaces"];
  readonly answer: AnswerCall;
  /** Ends the run. */
  readonly signal: AbortSignal;
}

export type MachineEnd = Exclude<FromMachine, { type: "call" }> | { readonly type: "lost" };

export interface ProgramMachineShape {
  /** Runs a program; resolves with how it ended. `lost`: the machine is away, or went away meanwhile. */
  run(run: MachineRun): Promise<MachineEnd>;
}

/** The machine that runs programs. */
export class ProgramMachine extends Context.Service<ProgramMachine, ProgramMachineShape>()(
  "threadbox/worker/codemode/ProgramMachine",
) {}

const decode = Schema.decodeUnknownSync(Schema.fromJsonString(FromMachineSchema));
const encode = Schema.encodeSync(Schema.fromJsonString(ToMachine));
/** A frame is what a program returns or hands over, and what stands around it. */
const frameLengthMax = 2 * codemodeLimits.outputBytesMax;

const lost: MachineEnd = { type: "lost" };

/** Follows a run on its open socket. */
export const followRun = (
  socket: WebSocket,
  { program, input, namespaces, answer, signal }: Omit<MachineRun, "threadId">,
): Promise<MachineEnd> =>
  new Promise((resolve) => {
    let calls = 0;
    const end = (how: MachineEnd) => {
      signal.removeEventListener("abort", abort);
      socket.close(1000);
      resolve(how);
    };
    const abort = () => end({ type: "stopped", reason: "time", logs: [] });
    const send = (frame: ToMachine) => {
      try {
        socket.send(encode(frame));
      } catch {
        end(lost);
      }
    };
    const hear = (frame: FromMachine) => {
      if (frame.type !== "call") return end(frame);
      calls += 1;
      // The machine counts too; what it hosts is hostile, and may one day be its master.
      if (calls > codemodeLimits.callsMax) return end({ type: "stopped", reason: "calls", logs: [] });
      const { call } = frame;
      answer(frame.tool, frame.input, () => send({ type: "paused", call })).then(
        (result) => send({ type: "answer", call, result }),
        (error: unknown) =>
          send({ type: "refusal", call, error: error instanceof Error ? error.message : "The tool failed." }),
      );
    };
    socket.addEventListener("message", ({ data }) => {
      try {
        if (typeof data !== "string" || data.length > frameLengthMax) throw new Error("The frame is no frame of ours.");
        hear(decode(data));
      } catch {
        end(lost);
      }
    });
    socket.addEventListener("close", () => end(lost));
    socket.addEventListener("error", () => end(lost));
    signal.addEventListener("abort", abort);
    if (signal.aborted) return abort();
    send({ type: "run", program, namespaces, ...(input === undefined ? {} : { input }) });
  });

const runIdBytes = 15;

const hasWatchdog = (env: object): env is { readonly CODEMODE_WATCHDOG: Fetcher } => "CODEMODE_WATCHDOG" in env;

/**
 * Says to whoever watches the machine that this run was stopped: a program that computes without a pause hears of nothing, and
 * its process is ended then. Nobody waits for it.
 */
const tellWatchdog = (env: object, headers: Record<string, string>): void => {
  if (!hasWatchdog(env)) return;
  const telling = env.CODEMODE_WATCHDOG.fetch(`http://codemode${codemodeApi.stopPath}`, { method: "POST", headers });
  waitUntil(
    telling.then(
      (response) => response.body?.cancel(),
      () => undefined,
    ),
  );
};

const hasMachine = (env: object): env is { readonly CODEMODE: Fetcher } => "CODEMODE" in env;

/** Reached by a binding: beside the worker on one machine, another Worker in production. */
export const programMachineLayer = (env: object): Layer.Layer<ProgramMachine, never, WorkerConfig> =>
  Layer.effect(
    ProgramMachine,
    Effect.map(WorkerConfig, ({ codemodeKey }) => ({
      run: async (run) => {
        if (!hasMachine(env) || codemodeKey === null) return lost;
        const authorization = `Bearer ${Redacted.value(codemodeKey)}`;
        const named = { authorization, [codemodeApi.runHeader]: newSecretText(runIdBytes) };
        const headers = { ...named, upgrade: "websocket", [codemodeApi.threadHeader]: run.threadId };
        const answer = await env.CODEMODE.fetch(`http://codemode${codemodeApi.runPath}`, { headers }).catch(() => null);
        const socket = answer?.webSocket ?? null;
        if (socket === null) return lost;
        socket.accept();
        const end = await followRun(socket, run);
        if (run.signal.aborted) tellWatchdog(env, named);
        return end;
      },
    })),
  );
