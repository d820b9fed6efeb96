/**
 * Starts the server of a sandbox's terminals and ends once it listens; also where one listens already. Standard input: one
 * JSON line `TerminalsStart`. The server itself is this program with the argument `serve`, in a session of its own.
 */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { TerminalsStart } from "./protocol.ts";
import { openPty } from "./pty.ts";
import { terminalsServer } from "./server.ts";
import { shell, shellEnvironment } from "./shell.ts";
import { Terminals } from "./terminals.ts";

const readLine = (stream: NodeJS.ReadableStream): Promise<string> =>
  new Promise((resolve) => {
    const lines = createInterface({ input: stream });
    lines.once("line", resolve);
    lines.once("close", () => resolve(""));
  });

const start = async (): Promise<void> => {
  const line = await readLine(process.stdin);
  const argv = ["--max-old-space-size=64", fileURLToPath(import.meta.url), "serve"];
  const server = spawn(process.execPath, argv, { detached: true, stdio: ["pipe", "pipe", "ignore"] });
  server.stdin.end(`${line}\n`);
  process.exit((await readLine(server.stdout)) === "" ? 1 : 0);
};

const serve = async (): Promise<void> => {
  const given: TerminalsStart = JSON.parse(await readLine(process.stdin));
  const environment = shellEnvironment(given);
  const terminals = new Terminals(() => openPty({ program: shell, folder: given.folder, environment }));
  const server = terminalsServer(terminals, given.key);
  // Nobody reads on once the start is over.
  process.stdout.on("error", () => {});
  server.once("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EADDRINUSE") process.stdout.write("listens already\n", () => process.exit(0));
    else process.exit(1);
  });
  server.listen(given.port, "0.0.0.0", () => process.stdout.write("listens\n"));
};

await (process.argv[2] === "serve" ? serve() : start());
