import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { healthyResetMs, restartDelayMs } from "./back-off.ts";
import { LogFile } from "./log-file.ts";
import { readableLine } from "./log-line.ts";
import type { ProcessSpec } from "./process-specs.ts";

const healthIntervalMs = 5_000;
const healthTimeoutMs = 3_000;
const failedChecksMax = 4;
const terminateGraceMs = 8_000;
/** What a process inherits besides its own configuration. */
const inheritedKeys = ["PATH", "HOME", "LANG", "TZ", "TMPDIR", "NODE_ENV", "NODE_EXTRA_CA_CERTS", "CI"];

const inherited = () =>
  Object.fromEntries(inheritedKeys.flatMap((key) => (process.env[key] ? [[key, process.env[key]]] : [])));

/** One process of the stack: started, watched, restarted with back-off, and ended with everything it spawned. */
export class SupervisedProcess {
  readonly spec: ProcessSpec;
  readonly #log: LogFile;
  readonly #print: (line: string) => void;
  readonly #onSpawn: (pid: number) => void;
  readonly #stopping = new AbortController();
  /** Aborted when the process ends, so that the next health check does not wait out its interval. */
  #ended = new AbortController();
  #child: ChildProcess | undefined;
  #failuresInARow = 0;
  #lastWords: string[] = [];
  #isHealthy = false;

  constructor(
    spec: ProcessSpec,
    options: {
      readonly logFolder: string;
      readonly print: (line: string) => void;
      readonly onSpawn: (name: string, pid: number) => void;
    },
  ) {
    this.spec = spec;
    this.#log = new LogFile(join(options.logFolder, `${spec.name}.log`));
    this.#print = (line) => options.print(`[${spec.name}] ${line}`);
    this.#onSpawn = (pid) => options.onSpawn(spec.name, pid);
  }

  get isHealthy(): boolean {
    return this.#isHealthy;
  }

  /** The last lines the process printed, for an error message. */
  get lastWords(): readonly string[] {
    return this.#lastWords;
  }

  get failures(): number {
    return this.#failuresInARow;
  }

  start(): void {
    void this.#keepRunning();
    void this.#watchHealth();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    const child = this.#child;
    if (child?.pid && child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      this.#signalGroup("SIGTERM");
      await Promise.race([ended, delay(terminateGraceMs)]);
    }
    this.#signalGroup("SIGKILL");
    this.#log.close();
  }

  #signalGroup(signal: NodeJS.Signals): void {
    if (!this.#child?.pid) return;
    try {
      process.kill(-this.#child.pid, signal);
    } catch {
      // The group is already gone.
    }
  }

  async #keepRunning(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      const startedAt = performance.now();
      const ending = await this.#runOnce();
      this.#isHealthy = false;
      this.#ended.abort();
      this.#ended = new AbortController();
      if (this.#stopping.signal.aborted) return;
      this.#signalGroup("SIGKILL");
      this.#failuresInARow = performance.now() - startedAt > healthyResetMs ? 1 : this.#failuresInARow + 1;
      const waitMs = restartDelayMs(this.#failuresInARow);
      this.#print(`ended (${ending}); starting again in ${waitMs / 1000} s`);
      await delay(waitMs, undefined, { signal: this.#stopping.signal }).catch(() => {});
    }
  }

  #runOnce(): Promise<string> {
    const [program, ...args] = this.spec.argv;
    // An own process group: Ctrl-C reaches the supervisor alone, and one signal ends all that the process spawned.
    const umask = process.umask(this.spec.umask);
    const child = spawn(program, args, {
      cwd: this.spec.cwd,
      env: { ...inherited(), ...this.spec.env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    process.umask(umask);
    this.#child = child;
    if (child.pid) this.#tellOf(child.pid);
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => this.#hear(line));
    }
    return new Promise((resolve) => {
      child.once("error", (error) => resolve(error.message));
      child.once("exit", (code, signal) => resolve(signal ?? `exit code ${code}`));
    });
  }

  /** On a full disk the process runs on, unrecorded. */
  #tellOf(pid: number): void {
    try {
      this.#onSpawn(pid);
    } catch (error) {
      this.#print(`is not recorded: ${error instanceof Error ? error.message : error}`);
    }
  }

  #hear(line: string): void {
    this.#log.write(line);
    this.#lastWords = [...this.#lastWords.slice(-19), line];
    const readable = readableLine(line);
    if (readable) this.#print(readable);
  }

  async #watchHealth(): Promise<void> {
    let failedChecks = 0;
    while (!this.#stopping.signal.aborted) {
      const isAnswering = await this.#answersHealth();
      const wasHealthy = this.#isHealthy;
      this.#isHealthy = isAnswering;
      failedChecks = isAnswering ? 0 : failedChecks + 1;
      if (wasHealthy && !isAnswering) this.#print("does not answer its health check");
      // Only a process that runs and once answered is ended here: one that still starts has the time it needs.
      if (failedChecks === failedChecksMax && this.#hasAnswered) {
        this.#print("is not answering; restarting it");
        this.#hasAnswered = false;
        this.#signalGroup("SIGKILL");
      }
      if (isAnswering) this.#hasAnswered = true;
      const signal = AbortSignal.any([this.#stopping.signal, this.#ended.signal]);
      await delay(isAnswering ? healthIntervalMs : 200, undefined, { signal }).catch(() => {});
    }
  }

  #hasAnswered = false;

  async #answersHealth(): Promise<boolean> {
    try {
      const signal = AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(healthTimeoutMs)]);
      const response = await fetch(this.spec.healthUrl, { signal, redirect: "manual" });
      await response.arrayBuffer();
      return response.ok;
    } catch {
      return false;
    }
  }
}
