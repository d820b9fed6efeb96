import { Fault } from "../faults.ts";
import type { FromWorker, LogLevel, Reading, ThrownByFunction } from "./runtime/messages.ts";

/** Answers one call of a function to the server; a fault that it throws is thrown inside the function. */
export type SyscallHandler = (op: string, args: string) => Promise<string>;

export interface LogLine {
  readonly level: LogLevel;
  readonly text: string;
}

export type Outcome = (
  | { readonly isSuccess: true; readonly value: string }
  | { readonly isSuccess: false; readonly error: ThrownByFunction }
  | { readonly isSuccess: false; readonly fault: Fault }
) & {
  readonly logLines?: readonly LogLine[];
  /** Of a query: what it has read; absent when it did not come to an end. */
  readonly reading?: Reading;
};

interface Invocation {
  readonly onSyscall: SyscallHandler;
  readonly onResponse: (message: Extract<FromWorker, { type: "responseHead" | "responsePart" }>) => void;
  readonly settle: (outcome: Outcome) => void;
}

const logLinesMax = 256;

/** The functions that run in one worker right now. */
export class Invocations {
  readonly #running = new Map<number, Invocation & { readonly logLines: LogLine[] }>();
  readonly #onEmpty: (() => void)[] = [];
  #lastId = 0;

  whenEmpty(): Promise<void> {
    return this.#running.size === 0 ? Promise.resolve() : new Promise((resolve) => this.#onEmpty.push(resolve));
  }

  add(invocation: Invocation): number {
    this.#lastId += 1;
    this.#running.set(this.#lastId, { ...invocation, logLines: [] });
    return this.#lastId;
  }

  /** Ends an invocation; a second end is ignored, as is everything that comes from it afterwards. */
  settle(id: number, outcome: Outcome): void {
    const invocation = this.#running.get(id);
    if (invocation === undefined) return;
    this.#running.delete(id);
    invocation.settle({ ...outcome, logLines: invocation.logLines });
    if (this.#running.size === 0) for (const resolve of this.#onEmpty.splice(0)) resolve();
  }

  loseAll(fault: Fault): void {
    for (const id of [...this.#running.keys()]) this.settle(id, { isSuccess: false, fault });
  }

  async syscall(id: number, op: string, args: string): Promise<string> {
    const invocation = this.#running.get(id);
    if (invocation === undefined) throw new Fault("Timeout", "The function has ended.");
    return invocation.onSyscall(op, args);
  }

  respond(message: Extract<FromWorker, { type: "responseHead" | "responsePart" }>): void {
    this.#running.get(message.id)?.onResponse(message);
  }

  /** False when the line belongs to no running function. */
  log(id: number, level: LogLevel, text: string): boolean {
    const invocation = this.#running.get(id);
    if (invocation === undefined) return false;
    if (invocation.logLines.length < logLinesMax) invocation.logLines.push({ level, text });
    return true;
  }
}
