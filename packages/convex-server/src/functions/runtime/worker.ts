/**
 * The thread in which functions run: one for queries and mutations, without network and timers, one for actions.
 * A thread of their own keeps an endless loop, a crash or a changed global of a function away from the server.
 */
import { AsyncLocalStorage, AsyncResource } from "node:async_hooks";
import { parentPort, workerData } from "node:worker_threads";
import { messageOf } from "../../faults.ts";
import { type LoadedCode, loadCode } from "./analyze.ts";
import { functionConsole } from "./console.ts";
import { running, type Send } from "./invocation.ts";
import { describeThrown, invokeFunction, invokeHttpAction } from "./invoke.ts";
import type { InvokeFunction, InvokeHttpAction, LoadCode, ToWorker } from "./messages.ts";
import { restrictToTransactions } from "./restrictions.ts";
import { SyscallPort } from "./syscalls.ts";

/** What the server starts a worker with. */
export interface WorkerData {
  readonly purpose: "transactions" | "actions";
  /** One 32-bit cell: which function last continued, for the server to read when the thread does not answer. */
  readonly activity: SharedArrayBuffer;
}

const port = parentPort;
if (port === null) throw new Error("This module runs as a worker thread.");
const { purpose, activity }: WorkerData = workerData;
const activityCell = new Int32Array(activity);

const send: Send = (message) => port.postMessage(message);
const entered = (invocation: number): void => {
  activityCell[0] = invocation;
};
const syscalls = new SyscallPort(send, entered);
let code: LoadedCode = { functions: new Map(), router: null };

const report = (thrown: unknown): void => {
  const { stack, message } = describeThrown(thrown);
  send({ type: "log", id: running.getStore()?.id ?? 0, level: "ERROR", text: stack ?? message });
};
process.on("unhandledRejection", report);
process.on("uncaughtException", report);
process.setSourceMapsEnabled(true);

Object.assign(globalThis, { Convex: syscalls.surface, AsyncLocalStorage, AsyncResource });
Object.defineProperty(globalThis, "console", { value: functionConsole(send), configurable: true, writable: true });
if (purpose === "transactions") restrictToTransactions();

const load = async (command: LoadCode): Promise<void> => {
  try {
    const loaded = await loadCode(command);
    code = loaded.code;
    send({ type: "loaded", analysis: loaded.analysis });
  } catch (thrown) {
    send({ type: "loadFailed", message: messageOf(thrown) });
  }
};

const invoke = (command: InvokeFunction | InvokeHttpAction): void => {
  const { id } = command;
  const snapshotTimestamp = command.type === "invoke" ? command.snapshotTimestamp : "0";
  entered(id);
  void running.run({ id, snapshotTimestamp, streams: new Map() }, async () => {
    try {
      if (command.type === "invoke") send({ type: "succeeded", id, value: await invokeFunction(code, command) });
      else {
        await invokeHttpAction(code, command, send);
        send({ type: "succeeded", id, value: "null" });
      }
    } catch (thrown) {
      send({ type: "failed", id, error: describeThrown(thrown) });
    }
  });
};

port.on("message", (message: ToWorker) => {
  switch (message.type) {
    case "load":
      void load(message);
      break;
    case "invoke":
    case "invokeHttp":
      invoke(message);
      break;
    case "answer":
      syscalls.answer(message.call, message.value);
      break;
    case "refusal":
      syscalls.refuse(message.call, message.message, message.data);
      break;
    case "tables":
      syscalls.setTables(message.numbers);
      break;
    case "ping":
      send({ type: "pong", ping: message.ping });
      break;
  }
});
