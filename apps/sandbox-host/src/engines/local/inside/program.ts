import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { constants } from "node:os";
import type { Readable } from "node:stream";
import type { ProgramRequest, ProgramResult } from "./protocol.ts";

/** How long output may still arrive after the program itself has ended; its children may hold the pipes open. */
const drainMs = 250;

const collect = (stream: Readable, bytesMax: number) => {
  const chunks: Buffer[] = [];
  let kept = 0;
  let isTruncated = false;
  stream.on("data", (chunk: Buffer) => {
    const room = bytesMax - kept;
    if (chunk.length > room) isTruncated = true;
    if (room > 0) chunks.push(chunk.subarray(0, room));
    kept += Math.min(room, chunk.length);
  });
  stream.on("error", () => {});
  return { text: () => Buffer.concat(chunks).toString("utf8"), isTruncated: () => isTruncated };
};

/** Exit code as a shell counts it: 128 and the signal's number for a program that was killed. */
const exitCodeOf = (code: number | null, signal: NodeJS.Signals | null): number =>
  code ?? 128 + (signal === null ? 0 : constants.signals[signal]);

/** Exit code 126 as in a shell: the program cannot be run. */
const nothing: ProgramResult = {
  exitCode: 126,
  stdout: "",
  stderr: "",
  isTruncated: false,
  isTimedOut: false,
  durationMs: 0,
};

/**
 * Runs a program in a process group of its own and answers exactly once. The returned function kills the group; so
 * does the time limit. Descendants that leave the group live until the sandbox ends.
 */
export const runProgram = (
  request: ProgramRequest,
  environment: Readonly<Record<string, string>>,
  answer: (result: ProgramResult) => void,
): (() => void) => {
  const startedAt = performance.now();
  const [program, ...argv] = request.argv;
  let child: ChildProcessWithoutNullStreams;
  try {
    child = spawn(program, argv, {
      cwd: request.cwd,
      env: { ...environment, ...request.env },
      stdio: ["pipe", "pipe", "pipe"],
      detached: true,
    });
  } catch (error) {
    // Text that no program can be given, such as a NUL character.
    answer({ ...nothing, stderr: String(error) });
    return () => {};
  }
  const stdout = collect(child.stdout, request.outputBytesMax);
  const stderr = collect(child.stderr, request.outputBytesMax);
  let isTimedOut = false;
  let isAnswered = false;
  let drain: NodeJS.Timeout | undefined;

  const killGroup = (): void => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // The group is empty.
    }
  };
  const limit = setTimeout(() => {
    isTimedOut = true;
    killGroup();
  }, request.timeoutMs);

  const settle = (exitCode: number, failure = ""): void => {
    if (isAnswered) return;
    isAnswered = true;
    clearTimeout(limit);
    clearTimeout(drain);
    answer({
      exitCode,
      stdout: stdout.text(),
      stderr: stderr.text() + failure,
      isTruncated: stdout.isTruncated() || stderr.isTruncated(),
      isTimedOut,
      durationMs: Math.round(performance.now() - startedAt),
    });
    child.stdout.destroy();
    child.stderr.destroy();
  };
  // 127 and 126 as in a shell: not found, not executable.
  child.once("error", (error: NodeJS.ErrnoException) => settle(error.code === "ENOENT" ? 127 : 126, error.message));
  child.once("exit", (code, signal) => {
    drain = setTimeout(() => settle(exitCodeOf(code, signal)), drainMs);
  });
  child.once("close", (code, signal) => settle(exitCodeOf(code, signal)));
  child.stdin.on("error", () => {});
  child.stdin.end(request.stdin);
  return () => {
    if (!isAnswered) killGroup();
  };
};
