import {
  codemodeApi,
  type FromMachine,
  FromMachine as FromMachineSchema,
  ToMachine,
} from "@threadbox/contracts/codemode";
import { codemodeLimits } from "@threadbox/contracts/codemode-limits";
import { Context, Effect, Layer, Redacted, Schema } from "effect";
import { WorkerConfig } from "../../config.ts";

/** A tool call of a program on its way. Rejects with words for the program. */
export type AnswerCall = (tool: string, input: Schema.Json) => Promise<Schema.Json>;

export interface MachineRun {
  readonly program: string;
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
  { program, namespaces, answer, signal }: MachineRun,
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
      answer(frame.tool, frame.input).then(
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
    send({ type: "run", program, namespaces });
  });

const hasMachine = (env: object): env is { readonly CODEMODE: Fetcher } => "CODEMODE" in env;

/** Reached by a binding: beside the worker on one machine, another Worker in production. */
export const programMachineLayer = (env: object): Layer.Layer<ProgramMachine, never, WorkerConfig> =>
  Layer.effect(
    ProgramMachine,
    Effect.map(WorkerConfig, ({ codemodeKey }) => ({
      run: async (run) => {
        if (!hasMachine(env) || codemodeKey === null) return lost;
        const headers = { upgrade: "websocket", authorization: `Bearer ${Redacted.value(codemodeKey)}` };
        const answer = await env.CODEMODE.fetch(`http://codemode${codemodeApi.runPath}`, { headers }).catch(() => null);
        const socket = answer?.webSocket ?? null;
        if (socket === null) return lost;
        socket.accept();
        return followRun(socket, run);
      },
    })),
  );
