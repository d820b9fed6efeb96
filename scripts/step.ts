import { spawn } from "node:child_process";
import { root } from "./bootstrap.mjs";

export interface StepResult {
  readonly name: string;
  readonly isOk: boolean;
  readonly durationMs: number;
  /** Both streams, as they came. */
  readonly output: string;
}

/** Runs a program of the workspace to its end; with `isLoud`, what it prints is also shown as it comes. */
export const run = (
  name: string,
  argv: readonly string[],
  { cwd = root, env = {}, isLoud = false }: { cwd?: string; env?: Record<string, string>; isLoud?: boolean } = {},
): Promise<StepResult> =>
  new Promise((resolve) => {
    const startedAt = performance.now();
    const [program = "", ...args] = argv;
    const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        output += chunk;
        if (isLoud) process.stdout.write(chunk);
      });
    }
    const settle = (isOk: boolean) => resolve({ name, isOk, durationMs: performance.now() - startedAt, output });
    child.once("error", (error) => {
      output += error.message;
      settle(false);
    });
    child.once("close", (code) => settle(code === 0));
  });
