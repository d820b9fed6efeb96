import { createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { codemodeApi, type FromMachine, type ToMachine } from "@threadbox/contracts/codemode";
import { Redacted } from "effect";
import { inject } from "vitest";
import { keepRunning } from "./keep-running.ts";
import type { Told } from "./told.ts";

const key = "key-of-the-machine-in-its-own-tests";

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });

type Answer = Exclude<ToMachine, { type: "run" }>;
type Call = Extract<FromMachine, { type: "call" }>;

/** How a run went: what it called, its last frame, and null for the latter where the machine was lost. */
export interface Ran {
  readonly calls: readonly Call[];
  readonly last: FromMachine | null;
}

export interface Asking {
  readonly namespaces?: readonly { readonly namespace: string; readonly tools: readonly string[] }[];
  /** Without an answer the call waits. By default a tool answers with what it was given. */
  readonly answer?: (call: Call) => readonly Answer[];
  /** Answers a call when this resolves; in place of `answer`. */
  readonly answerLater?: (call: Call) => Promise<Answer>;
  readonly authorization?: string;
  /** What the program is called with. */
  readonly input?: unknown;
  /** What the run is named, and its thread. */
  readonly run?: string;
  readonly thread?: string;
}

const usual = [{ namespace: "workspace", tools: ["read", "write"] }];

/** A machine of its own, with its watchdog, on a free port. */
export const startMachine = async () => {
  const [port, watchdogPort] = await Promise.all([freePort(), freePort()]);
  const told: Told[] = [];
  const ending = new AbortController();
  const config = { port, watchdogPort, key: Redacted.make(key), script: inject("script") };
  const ended = keepRunning(config, (each) => told.push(each), ending.signal);
  const isHealthy = () =>
    fetch(`http://127.0.0.1:${port}${codemodeApi.healthPath}`).then(
      ({ ok }) => ok,
      () => false,
    );
  /** Resolves once it answers. */
  const ready = async () => {
    while (!(await isHealthy())) await delay(20);
  };
  const run = (program: string, asking: Asking = {}): Promise<Ran> =>
    new Promise((resolve) => {
      const { namespaces = usual, authorization = `Bearer ${key}`, run: name = "", thread = "" } = asking;
      const { answer = ({ call, input }) => [{ type: "answer", call, result: input }] } = asking;
      const calls: Call[] = [];
      let last: FromMachine | null = null;
      // Node's own takes headers, which the types of browsers do not know.
      const socket = new WebSocket(`ws://127.0.0.1:${port}${codemodeApi.runPath}`, {
        headers: { authorization, [codemodeApi.runHeader]: name, [codemodeApi.threadHeader]: thread },
      } as unknown as string[]);
      socket.onopen = () => socket.send(JSON.stringify({ type: "run", program, namespaces, input: asking.input }));
      socket.onmessage = ({ data }) => {
        const frame = JSON.parse(String(data)) as FromMachine;
        if (frame.type !== "call") last = frame;
        else {
          calls.push(frame);
          if (asking.answerLater !== undefined)
            void asking.answerLater(frame).then((each) => socket.send(JSON.stringify(each)));
          else for (const each of answer(frame)) socket.send(JSON.stringify(each));
        }
      };
      socket.onclose = () => resolve({ calls, last });
      socket.onerror = () => {};
    });
  await ready();
  return {
    port,
    told,
    ready,
    run,
    /** Says that a run was stopped, as the worker does; answers with the status. */
    tellStop: async (run: string, authorization = `Bearer ${key}`): Promise<number> => {
      const url = `http://127.0.0.1:${watchdogPort}${codemodeApi.stopPath}`;
      const headers = { authorization, [codemodeApi.runHeader]: run };
      return (await fetch(url, { method: "POST", headers })).status;
    },
    stop: async () => {
      ending.abort();
      await ended;
    },
  };
};
