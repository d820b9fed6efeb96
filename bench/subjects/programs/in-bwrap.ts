/** A process of its own for each program: Node in bubblewrap, without a network, with its calls on stdin and stdout. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { servePrograms } from "./serve.ts";

const bubblewrap = "bwrap";
const jail = [
  "--unshare-all",
  "--clearenv",
  "--ro-bind",
  "/",
  "/",
  "--dev",
  "/dev",
  "--proc",
  "/proc",
  "--die-with-parent",
];

const host = (program: string): string => `
const waiting = new Map();
let calls = 0;
const say = (frame) => process.stdout.write(JSON.stringify(frame) + "\\n");
require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
  const { call, result } = JSON.parse(line);
  waiting.get(call)(result);
  waiting.delete(call);
});
const workspace = { read: (input) => new Promise((resolve) => { calls += 1; waiting.set(calls, resolve); say({ call: calls, input }); }) };
(${program})().then((result) => { say({ result }); process.exit(0); });
`;

await servePrograms(
  (program, call) =>
    new Promise((resolve, reject) => {
      const child = spawn(bubblewrap, [...jail, process.execPath, "-e", host(program)], {
        stdio: ["pipe", "pipe", "inherit"],
      });
      child.once("error", reject);
      child.once("exit", (code) => reject(new Error(`It ended with ${code}.`)));
      createInterface({ input: child.stdout }).on("line", (line) => {
        const frame = JSON.parse(line) as {
          readonly call?: number;
          readonly input?: unknown;
          readonly result?: unknown;
        };
        if (frame.call === undefined) return resolve(frame.result);
        void call("workspace.read", frame.input).then((result) =>
          child.stdin.write(`${JSON.stringify({ call: frame.call, result })}\n`),
        );
      });
    }),
);
