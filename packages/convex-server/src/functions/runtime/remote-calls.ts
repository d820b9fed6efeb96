import type { JSONValue } from "convex/values";
import type { Send } from "./invocation.ts";

interface Waiting {
  readonly invocation: number;
  readonly resolve: (value: string) => void;
  readonly reject: (error: Error) => void;
}

/** What a call that was refused throws inside the function. */
export const refusalError = (message: string, data: JSONValue | undefined): Error => {
  const error = new Error(message);
  return data === undefined ? error : Object.assign(error, { data });
};

/** Calls of functions that the server answers, on their way there and back. */
export class RemoteCalls {
  readonly #send: Send;
  readonly #entered: (invocation: number) => void;
  readonly #waiting = new Map<number, Waiting>();
  #lastCall = 0;

  /** `entered` is told which function is about to continue. */
  constructor(send: Send, entered: (invocation: number) => void) {
    this.#send = send;
    this.#entered = entered;
  }

  ask(invocation: number, op: string, args: string): Promise<string> {
    this.#lastCall += 1;
    const call = this.#lastCall;
    return new Promise((resolve, reject) => {
      this.#waiting.set(call, { invocation, resolve, reject });
      this.#send({ type: "syscall", id: invocation, call, op, args });
    });
  }

  answer(call: number, value: string): void {
    this.#take(call)?.resolve(value);
  }

  refuse(call: number, message: string, data: JSONValue | undefined): void {
    this.#take(call)?.reject(refusalError(message, data));
  }

  #take(call: number): Waiting | undefined {
    const waiting = this.#waiting.get(call);
    this.#waiting.delete(call);
    if (waiting !== undefined) this.#entered(waiting.invocation);
    return waiting;
  }
}
