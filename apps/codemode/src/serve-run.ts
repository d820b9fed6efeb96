import { FromMachine, ToMachine } from "@threadbox/contracts/codemode";
import { codemodeLimits } from "@threadbox/contracts/codemode-limits";
import { Schema } from "effect";
import { runProgram } from "./run-program.ts";

const decode = Schema.decodeUnknownSync(Schema.fromJsonString(ToMachine));
const encode = Schema.encodeSync(Schema.fromJsonString(FromMachine));

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Serves one run over its socket. Resolves when the run is over; what the worker says then is not heard any more. */
export const serveRun = (socket: WebSocket, loader: WorkerLoader): Promise<void> =>
  new Promise((resolve) => {
    const waiting = new Map<number, Waiting>();
    const ending = new AbortController();
    const paused = new Set<number>();
    let begun = false;
    let clock: ReturnType<typeof setTimeout> | null = null;
    let leftMs: number = codemodeLimits.wallMs;
    let countedFrom = 0;

    const end = (last?: FromMachine) => {
      if (ending.signal.aborted) return;
      ending.abort();
      clearTimeout(clock);
      for (const { reject } of waiting.values()) reject(new Error("The run is over."));
      if (last !== undefined) socket.send(encode(last));
      socket.close(1000);
      resolve();
    };
    const standClock = () => {
      clearTimeout(clock);
      clock = null;
      leftMs -= Date.now() - countedFrom;
    };
    const runClock = () => {
      countedFrom = Date.now();
      clock = setTimeout(() => end({ type: "stopped", reason: "time", logs: [] }), Math.max(0, leftMs));
    };
    const settle = (call: number, how: (waiting: Waiting) => void) => {
      const found = waiting.get(call);
      waiting.delete(call);
      if (paused.delete(call) && paused.size === 0) runClock();
      if (found !== undefined) how(found);
    };

    let calls = 0;
    const callTool = (tool: string, input: unknown): Promise<unknown> => {
      if (ending.signal.aborted) return Promise.reject(new Error("The run is over."));
      calls += 1;
      if (calls > codemodeLimits.callsMax) {
        end({ type: "stopped", reason: "calls", logs: [] });
        return Promise.reject(new Error("The run is over."));
      }
      const call = calls;
      socket.send(encode({ type: "call", call, tool, input: input as Schema.Json }));
      return new Promise((answer, reject) => waiting.set(call, { resolve: answer, reject }));
    };

    const hear = (frame: ToMachine) => {
      if (frame.type === "run") {
        if (begun) throw new Error("A run has one program.");
        begun = true;
        runClock();
        void runProgram({ ...frame, loader, callTool }).then(end, () =>
          end({ type: "threw", error: "The program can't be run.", logs: [] }),
        );
      } else if (frame.type === "paused") {
        if (waiting.has(frame.call)) {
          if (paused.size === 0) standClock();
          paused.add(frame.call);
        }
      } else if (frame.type === "answer") settle(frame.call, (call) => call.resolve(frame.result));
      else settle(frame.call, (call) => call.reject(new Error(frame.error)));
    };
    socket.addEventListener("message", ({ data }) => {
      try {
        hear(decode(data));
      } catch {
        end();
      }
    });
    socket.addEventListener("close", () => end());
    socket.addEventListener("error", () => end());
  });
