import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { cpuMsOf, runningFamilyOf } from "../harness/processes.ts";

const graceMs = 5_000;
const running = new Set<Child>();

/** A process of the bench in a group of its own, so that what it spawned ends with it. */
export class Child {
  readonly pid: number;
  readonly #process: ChildProcess;
  readonly #lines: string[] = [];
  readonly #watchers = new Set<(line: string) => void>();

  constructor(
    argv: readonly [string, ...string[]],
    options: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
  ) {
    const [program, ...args] = argv;
    this.#process = spawn(program, args, { ...options, stdio: ["ignore", "pipe", "pipe"], detached: true });
    this.pid = this.#process.pid ?? 0;
    this.#process.once("error", (error) => this.#hear(error.message));
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      if (stream) createInterface({ input: stream }).on("line", (line) => this.#hear(line));
    }
    running.add(this);
  }

  #hear(line: string): void {
    this.#lines.push(line);
    if (this.#lines.length > 200) this.#lines.shift();
    for (const watch of this.#watchers) watch(line);
  }

  /** What it printed last, for an error message. */
  get lastWords(): string {
    return this.#lines.slice(-15).join("\n");
  }

  get hasEnded(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null;
  }

  /** CPU time of its whole family until now, in milliseconds. */
  cpuMs(): number {
    return cpuMsOf(this.pid);
  }

  /** The first line that matches, printed already or yet to come. Rejects when it ends or is late. */
  line(pattern: RegExp, timeoutMs: number): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const settle = (settled: () => void) => {
        clearTimeout(timer);
        this.#watchers.delete(watch);
        this.#process.off("close", ended);
        settled();
      };
      const fail = (what: string) =>
        settle(() => reject(new Error(`${this.#process.spawnargs.join(" ")}: ${what} Last words:\n${this.lastWords}`)));
      const watch = (line: string) => {
        const match = pattern.exec(line);
        if (match) settle(() => resolve(match));
      };
      const ended = () => fail("it ended.");
      const timer = setTimeout(() => fail(`no line like ${pattern} in ${timeoutMs} ms.`), timeoutMs);
      this.#watchers.add(watch);
      this.#process.once("close", ended);
      if (this.hasEnded) ended();
      for (const line of this.#lines) watch(line);
    });
  }

  signal(signal: NodeJS.Signals): void {
    try {
      process.kill(-this.pid, signal);
    } catch {
      // The group is already gone.
    }
  }

  async stop(timeoutMs = graceMs): Promise<void> {
    if (!this.hasEnded) {
      const ended = once(this.#process, "exit");
      this.signal("SIGTERM");
      await Promise.race([ended, delay(timeoutMs, undefined, { ref: false })]);
    }
    this.signal("SIGKILL");
    running.delete(this);
  }
}

/** Ends whatever still runs; for the end of the bench, however it comes. */
export const stopAllChildren = async (): Promise<void> => {
  await Promise.all([...running].map((child) => child.stop()));
};

/** The same at once and without waiting, for an exit that nobody could prepare: everything that was spawned, too. */
export const killAllChildren = (): void => {
  for (const pid of [...running].flatMap((child) => runningFamilyOf(child.pid))) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It ended in the meantime.
    }
  }
};

/** Starts a TypeScript program of the bench that prints `{"port":…}` when it listens. */
export const startProgram = async (
  path: string,
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly child: Child; readonly origin: string }> => {
  const child = new Child([process.execPath, path], {
    cwd: process.cwd(),
    env: { PATH: process.env.PATH ?? "", ...env },
  });
  const [, port] = await child.line(/^\{"port":(\d+)\}$/, 20_000);
  return { child, origin: `http://127.0.0.1:${port}` };
};
