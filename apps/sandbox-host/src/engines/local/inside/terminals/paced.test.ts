import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import * as path from "node:path";
import type { Readable, Writable } from "node:stream";
import { expect, onTestFinished, test } from "vitest";

const pty = path.join(import.meta.dirname, "pty");
const shell = path.join(import.meta.dirname, "../shell/bash");

/** The agent's shell on a terminal that is read without pause, as OpenCode starts and reads it. */
const openTerminal = () => {
  const child = spawn(pty, ["100", "30", shell, "--norc", "-i"], {
    env: { PATH: process.env.PATH, HOME: "/tmp", TERM: "xterm", PS1: "> " },
    stdio: ["pipe", "pipe", "inherit", "pipe"],
  }) as ChildProcess & { readonly stdin: Writable; readonly stdout: Readable };
  onTestFinished(() => void child.kill("SIGKILL"));
  let printed = "";
  child.stdout.on("data", (piece) => {
    printed += String(piece);
    child.emit("printed");
  });
  const waitFor = async (text: string): Promise<void> => {
    while (!printed.includes(text)) await once(child, "printed");
    printed = printed.slice(printed.indexOf(text) + text.length);
  };
  const resize = (columns: number, rows: number) => (child.stdio[3] as Writable).write(`${columns} ${rows}\n`);
  return { child, waitFor, resize, type: (text: string) => child.stdin.write(text) };
};

test("a shell in OpenCode's terminal has that terminal's size, also after it changes", async () => {
  const { waitFor, type, resize } = openTerminal();
  type("trap 'echo resized-$(stty size)' WINCH; echo size-$(stty size)\n");
  await waitFor("size-30 100");
  resize(120, 40);
  type("\n");
  await waitFor("resized-40 120");
});

test("what it prints without end comes at a pace, and Ctrl-C ends it", async () => {
  const { waitFor, type } = openTerminal();
  const startedAt = performance.now();
  type("head -c 1600000 /dev/zero | tr '\\0' x; echo all-$((40 + 2))\n");
  await waitFor("all-42");
  // The first megabyte comes at once, the rest takes two seconds.
  expect(performance.now() - startedAt).toBeGreaterThan(1_500);
  type("yes\n");
  await waitFor("y\r\ny\r\n");
  type("\u0003");
  type("echo ended-$((40 + 2))\n");
  await waitFor("ended-42");
});

test("it ends with the shell's exit code, after its last word", async () => {
  const { child, waitFor, type } = openTerminal();
  const ended = once(child, "exit");
  type("echo bye-$((40 + 2)); exit 3\n");
  await waitFor("bye-42");
  expect(await ended).toEqual([3, null]);
});
