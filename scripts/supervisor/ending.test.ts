import { spawn } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { root } from "../bootstrap.mjs";
import { freePort } from "./ports.testing.ts";
import { identify, isAlive, type ProcessIdentity } from "./run-record.ts";

const { start } = manifest.scripts;
const url = (path: string) => JSON.stringify(pathToFileURL(join(root, "scripts", path)).href);

/** Started as the product is, and of the same parts; its one process is a server with a child. */
const supervisor = (port: number) => `
import { whenToEnd } from ${url("supervisor/ending.ts")};
import { SupervisedProcess } from ${url("supervisor/supervised-process.ts")};
const ending = whenToEnd();
const code = \`
  const { spawn } = require("node:child_process");
  const child = spawn("sleep", ["600"]);
  console.log("child " + child.pid);
  require("node:http").createServer((_, response) => response.end("ok")).listen(${port}, "127.0.0.1");
\`;
const probe = new SupervisedProcess(
  {
    name: "probe",
    argv: [process.execPath, "-e", code],
    cwd: import.meta.dirname,
    env: {},
    healthUrl: "http://127.0.0.1:${port}/health",
    umask: 0o077,
  },
  { logFolder: import.meta.dirname, print: console.log, onSpawn: (_, pid) => console.log("server " + pid) },
);
ending.addEventListener("abort", async () => {
  await probe.stop();
  process.exit(0);
});
console.log("supervisor " + process.pid);
probe.start();
`;

type Name = "npm" | "outer" | "supervisor" | "server" | "child";
const names: readonly Name[] = ["npm", "outer", "supervisor", "server", "child"];

/** The pids of a running tree, from `npm start` down to the child of its server. */
const startTree = async (): Promise<ReadonlyMap<string, ProcessIdentity>> => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "threadbox-ending-")));
  const entry = relative(root, join(folder, "supervisor.ts"));
  writeFileSync(join(folder, "supervisor.ts"), supervisor(await freePort()));
  writeFileSync(
    join(folder, "outer.mjs"),
    `import { runOnPinnedNode } from ${url("bootstrap.mjs")};
console.log("outer " + process.pid);
await runOnPinnedNode(${JSON.stringify(entry)});
`,
  );
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ type: "module", scripts: { start: start.replace("scripts/start.mjs", "outer.mjs") } }),
  );
  const npm = spawn("npm", ["start"], { cwd: folder, stdio: ["ignore", "pipe", "ignore"], detached: true });
  const tree = new Map<string, ProcessIdentity>();
  onTestFinished(() => {
    for (const known of tree.values()) if (isAlive(known)) process.kill(known.pid, "SIGKILL");
    rmSync(folder, { recursive: true });
  });
  const note = (name: string, pid: number) => {
    const known = identify(pid);
    if (known) tree.set(name, known);
  };
  note("npm", npm.pid ?? 0);
  createInterface({ input: npm.stdout }).on("line", (line) => {
    const [, name, pid] = /(outer|supervisor|server|child) (\d+)$/.exec(line) ?? [];
    if (name) note(name, Number(pid));
  });
  await expect.poll(() => [...tree.keys()].toSorted()).toEqual(names.toSorted());
  return tree;
};

describe.each<[Name, readonly NodeJS.Signals[]]>([
  ["npm", ["SIGTERM", "SIGINT", "SIGHUP", "SIGKILL"]],
  ["outer", ["SIGTERM", "SIGINT", "SIGHUP", "SIGKILL"]],
  ["supervisor", ["SIGTERM", "SIGINT", "SIGHUP"]],
])("a signal to %s alone ends everything that npm start has started", (name, signals) => {
  test.each(signals)("%s", async (signal) => {
    const tree = await startTree();
    process.kill(tree.get(name)?.pid ?? 0, signal);
    await expect
      .poll(() => names.filter((each) => isAlive(tree.get(each) ?? { pid: 0, startTicks: "" })), { timeout: 10_000 })
      .toEqual([]);
  });
});
