import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { codemodeApi } from "@threadbox/contracts/codemode";
import WebSocket from "ws";
import { NotMeasurableError } from "../harness/metric.ts";
import { Child, startProgram } from "./child.ts";
import { freePorts } from "./listen.ts";

const key = "key-of-the-machine-in-the-bench-0123456789";
const root = join(import.meta.dirname, "../..");

/** Where programs are run: the product's machine, or a peer that speaks its frames. */
export interface ProgramMachine {
  readonly child: Child;
  readonly url: string;
}

/** The product's own, as `npm start` runs it: workerd and its watchdog. */
export const startProductMachine = async (): Promise<ProgramMachine> => {
  if (!existsSync(join(root, "apps/codemode/dist/index.js")))
    throw new NotMeasurableError("The machine is not built: `npm run build` makes it.");
  const [port, watchdogPort] = await freePorts(2);
  const child = new Child([process.execPath, join(root, "apps/codemode/machine/main.ts")], {
    cwd: root,
    env: {
      PATH: process.env.PATH ?? "",
      CODEMODE_PORT: String(port),
      CODEMODE_WATCHDOG_PORT: String(watchdogPort),
      CODEMODE_KEY: key,
    },
  });
  const isHealthy = () =>
    fetch(`http://127.0.0.1:${port}${codemodeApi.healthPath}`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await isHealthy())) if (child.hasEnded) throw new Error(child.lastWords);
  return { child, url: `ws://127.0.0.1:${port}${codemodeApi.runPath}` };
};

export const startPeerMachine = async (name: string): Promise<ProgramMachine> => {
  const { child, origin } = await startProgram(join(import.meta.dirname, "programs", `${name}.ts`));
  return { child, url: origin.replace("http", "ws") };
};

let fresh = 0;
/** A program of so many tool calls, one after the other, that nobody has seen before. */
export const programOf = (calls: number): string => {
  fresh += 1;
  return `async () => { let sum = 0; for (let at = 0; at < ${calls}; at += 1) sum += (await workspace.read({ at })).at; return sum; /* ${fresh} */ }`;
};

export interface Ran {
  readonly ms: number;
  /** The result; null where the run was lost or ended in an error. */
  readonly result: unknown;
}

/** Runs a program, answers its calls at once, and tells how long it took, connection included. */
export const runOn = ({ url }: ProgramMachine, program: string): Promise<Ran> =>
  new Promise((resolve) => {
    const startedAt = performance.now();
    let result: unknown = null;
    const socket = new WebSocket(url, { headers: { authorization: `Bearer ${key}` }, perMessageDeflate: false });
    socket.on("open", () =>
      socket.send(JSON.stringify({ type: "run", program, namespaces: [{ namespace: "workspace", tools: ["read"] }] })),
    );
    socket.on("message", (data) => {
      const frame = JSON.parse(String(data)) as { type: string; call?: number; input?: unknown; result?: unknown };
      if (frame.type === "call") socket.send(JSON.stringify({ type: "answer", call: frame.call, result: frame.input }));
      else {
        result = frame.type === "returned" ? frame.result : null;
        resolve({ ms: performance.now() - startedAt, result });
        socket.close();
      }
    });
    socket.on("close", () => resolve({ ms: performance.now() - startedAt, result }));
    socket.on("error", () => {});
  });

/** Resident memory of the machine's processes. */
export const memoryMibOf = ({ child }: ProgramMachine, family: (pid: number) => readonly number[]): number =>
  family(child.pid).reduce((sum, pid) => {
    try {
      const [, kib = "0"] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
      return sum + Number(kib) / 1024;
    } catch {
      return sum;
    }
  }, 0);
