/**
 * A thread in which functions run: one for mutations and several for queries, without network and timers, others for
 * actions. A thread of their own keeps an endless loop, a crash or a changed global of a function away from the server.
 */
import { AsyncLocalStorage, AsyncResource } from "node:async_hooks";
import { parentPort, workerData } from "node:worker_threads";
import { messageOf } from "../../faults.ts";
import { FileLinks } from "../../files/file-links.ts";
import { Snapshot } from "../../storage/snapshot.ts";
import { CursorCodec } from "../../transaction/cursor.ts";
import { loadCode } from "./analyze.ts";
import { Blobs } from "./blobs.ts";
import { functionConsole } from "./console.ts";
import type { FunctionCode } from "./function-code.ts";
import { GlobalsGuard } from "./globals-guard.ts";
import { type RunningFunction, running, type Send } from "./invocation.ts";
import { describeThrown, invokeFunction, invokeHttpAction } from "./invoke.ts";
import type {
  CodeAnalysis,
  InvokeFunction,
  InvokeHttpAction,
  InvokeQuery,
  LoadCode,
  SearchVectors,
  ToWorker,
  WorkerData,
} from "./messages.ts";
import { QueryRuns } from "./query-runs.ts";
import { RemoteCalls } from "./remote-calls.ts";
import { languageGlobals, restrictToTransactions } from "./restrictions.ts";
import { freshSeed, seededRandom } from "./seeded-random.ts";
import { Syscalls } from "./syscalls.ts";
import { ThreadClock } from "./thread-clock.ts";
import { Tidiness } from "./tidiness.ts";
import { searchVectors } from "./vector-searches.ts";

const port = parentPort;
if (port === null) throw new Error("This module runs as a worker thread.");
const { purpose, clock: memory, database, files }: WorkerData = workerData;
const clock = new ThreadClock(memory);
const snapshot = database === undefined ? null : new Snapshot(database.path);
const cursors = database === undefined ? null : new CursorCodec(database.cursorKey);

const links = new FileLinks(files);

const send: Send = (message) => port.postMessage(message);
const syscalls = new Syscalls(purpose === "actions" ? new Blobs(files.folder) : null);
const remote = new RemoteCalls(send, (id) => clock.enter(id));
let code: FunctionCode | null = null;
let queries: QueryRuns | null = null;

const report = (thrown: unknown): void => {
  const { stack, message } = describeThrown(thrown, code?.places);
  send({ type: "log", id: running.getStore()?.id ?? 0, level: "ERROR", text: stack ?? message });
};
process.on("unhandledRejection", report);
process.on("uncaughtException", report);
process.setSourceMapsEnabled(true);

Object.assign(globalThis, { Convex: syscalls.surface, AsyncLocalStorage, AsyncResource });
Object.defineProperty(globalThis, "console", { value: functionConsole(send), configurable: true, writable: true });
const guard = new GlobalsGuard();
if (purpose !== "actions") {
  restrictToTransactions({
    beganAt: () => running.getStore()?.beganAt,
    random: () => running.getStore()?.random ?? undefined,
  });
}

const queryRuns = (loaded: FunctionCode, analysis: CodeAnalysis): QueryRuns | null =>
  snapshot === null || cursors === null
    ? null
    : new QueryRuns({ snapshot, cursors, clock, report, links }, loaded, analysis);

const load = async (command: LoadCode): Promise<void> => {
  try {
    const loaded = await loadCode(command, (path) => send({ type: "loading", path }));
    code = loaded.code;
    queries = queryRuns(loaded.code, loaded.analysis);
    // Node's own part of the globals of actions changes as Node works.
    guard.capture(purpose === "actions" ? languageGlobals() : [globalThis]);
    send({ type: "loaded", analysis: loaded.analysis });
  } catch (thrown) {
    send({ type: "loadFailed", message: messageOf(thrown) });
  }
};

const tidiness = new Tidiness(guard, (path) => code?.prepare(path));

const invokeQuery = async (command: InvokeQuery): Promise<void> => {
  const { id, path } = command;
  if (queries === null) throw new Error("This thread runs no queries.");
  tidiness.enter();
  clock.begin(id, true);
  send({ type: "answered", id, ...(await queries.run(command)) });
  tidiness.leave(path.slice(0, path.lastIndexOf(":")));
};

const search = (command: SearchVectors): void => {
  const { id } = command;
  clock.begin(id, true);
  if (snapshot === null) throw new Error("This thread reads nothing.");
  send({ type: "answered", id, result: searchVectors(snapshot, command) });
};

const run = async (command: InvokeFunction | InvokeHttpAction): Promise<void> => {
  const { id } = command;
  try {
    if (code === null) throw new Error("No code is loaded.");
    if (command.type === "invoke") send({ type: "succeeded", id, value: await invokeFunction(code, command) });
    else {
      await invokeHttpAction(code, command, send);
      send({ type: "succeeded", id, value: "null" });
    }
  } catch (thrown) {
    send({ type: "failed", id, error: describeThrown(thrown, code?.places) });
  }
};

const invoke = async (command: InvokeFunction | InvokeHttpAction): Promise<void> => {
  const { id } = command;
  const isFunction = command.type === "invoke";
  tidiness.enter();
  clock.begin(id, isFunction && command.isOutermost);
  const invocation: RunningFunction = {
    id,
    snapshotTimestamp: isFunction ? command.snapshotTimestamp : "0",
    beganAt: isFunction ? command.beganAt : Date.now(),
    random: purpose === "actions" ? null : seededRandom(freshSeed()),
    streams: new Map(),
    ask: (op, args) => remote.ask(id, op, args),
  };
  await running.run(invocation, () => run(command));
  tidiness.leave(isFunction ? command.modulePath : "http");
};

port.on("message", (message: ToWorker) => {
  switch (message.type) {
    case "load":
      void load(message);
      break;
    case "invoke":
    case "invokeHttp":
      void invoke(message);
      break;
    case "invokeQuery":
      void invokeQuery(message);
      break;
    case "searchVectors":
      search(message);
      break;
    case "holdSnapshot":
      snapshot?.hold();
      break;
    case "releaseSnapshot":
      snapshot?.release();
      break;
    case "answer":
      remote.answer(message.call, message.value);
      break;
    case "refusal":
      remote.refuse(message.call, message.message, message.data);
      break;
    case "tables":
      syscalls.setTables(message.numbers);
      break;
    case "ping":
      send({ type: "pong", ping: message.ping });
      break;
  }
});
