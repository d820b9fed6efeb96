import { setTimeout as delay } from "node:timers/promises";
import type { ErrorTag } from "@threadbox/contracts/errors";
import type { SandboxName } from "@threadbox/contracts/ids";
import type {
  EnsureSandbox,
  HostedSandbox,
  NapCause,
  ReconsiderEgress,
  ReconsideredEgress,
} from "@threadbox/contracts/sandbox-host";
import type { Logger } from "pino";
import type { RunningSandbox, SandboxEngine } from "../engines/engine.ts";
import { HostError, interrupted, notFound } from "../errors.ts";
import type { EndNotices } from "./end-notices.ts";
import type { GenerationStore } from "./generation-store.ts";
import {
  describeStart,
  occupantsOf,
  type Run,
  type Start,
  type Threads,
  threadsOf,
  usedSandbox,
} from "./hosted-start.ts";
import { Nap } from "./nap.ts";
import type { NapNotices } from "./nap-notices.ts";
import { Places } from "./places.ts";
import { type SandboxUse, UseRecord } from "./use.ts";

export interface SandboxRegistryOptions {
  readonly engine: SandboxEngine;
  readonly generations: GenerationStore;
  /** Who is told of ends. */
  readonly ends: Pick<EndNotices, "began" | "ended" | "forget">;
  /** Who is told of naps. */
  readonly naps: Pick<NapNotices, "tell" | "forget">;
  /** How many sandboxes start or run at once. */
  readonly runningMax: number;
  readonly log: Logger;
  /** A start that takes longer is answered that it goes on; 20,000 where absent. */
  readonly answerMsMax?: number;
  /** Milliseconds; only differences matter. */
  readonly now: () => number;
}

const answerMsMaxByDefault = 20_000;
/** Whoever restores files, or has packages installed, looks on and wants to see the steps. */
const stepAnswerMs = 1_000;
/** What was saved can't be brought back, isn't kept any more, or there is no room for it. */
const tellingTags: ReadonlySet<ErrorTag> = new Set(["StoreUnavailable", "NotFound", "QuotaExceeded"]);
const asleepReason = "Asleep: another thread needed the capacity.";

/**
 * The sandboxes of this host. A generation is started at most once; a higher one replaces it after the older one has
 * ended; a lower one is refused. Where every place is in use, the least recently used idle one sleeps for a new one.
 */
export class SandboxRegistry {
  readonly #engine: SandboxEngine;
  readonly #generations: GenerationStore;
  readonly #ends: SandboxRegistryOptions["ends"];
  readonly #naps: SandboxRegistryOptions["naps"];
  readonly #log: Logger;
  readonly #now: () => number;
  readonly #answerMsMax: number;
  readonly #places: Places;
  readonly #starts = new Map<SandboxName, Start>();
  /** The last change of each sandbox; changes of one sandbox happen one after the other. */
  readonly #changes = new Map<SandboxName, Promise<unknown>>();
  #isClosed = false;

  constructor(options: SandboxRegistryOptions) {
    this.#engine = options.engine;
    this.#generations = options.generations;
    this.#ends = options.ends;
    this.#naps = options.naps;
    this.#log = options.log;
    this.#now = options.now;
    this.#answerMsMax = options.answerMsMax ?? answerMsMaxByDefault;
    this.#places = new Places({
      max: options.runningMax,
      occupants: () => occupantsOf(this.#starts),
      sleep: (name) => this.sleep(name, asleepReason),
      now: this.#now,
    });
  }

  starts(): Iterable<readonly [SandboxName, Start]> {
    return this.#starts;
  }

  threads(): Threads {
    return threadsOf(this.#starts, this.#places.isAsked());
  }

  list(): readonly HostedSandbox[] {
    return [...this.#starts].map(([name, start]) => this.#describe(name, start));
  }

  /** Throws NotFound. */
  get(name: SandboxName): HostedSandbox {
    return this.#describe(name, this.#require(name));
  }

  /** The running sandbox, of exactly this generation where one is named, until it is released. */
  use(name: SandboxName, generation?: number): SandboxUse {
    const { start, run } = this.#requireRun(name, generation);
    return { sandbox: run.used, ...start.use.use() };
  }

  /** The same for a look: it doesn't count as use, and what naps naps on after it. */
  look(name: SandboxName, generation?: number): SandboxUse {
    const { start, run } = this.#requireRun(name, generation);
    const [over, napsOn] = [start.use.look(), run.nap.look()];
    const release = () => {
      over();
      napsOn();
    };
    return { sandbox: run.sandbox, flows: () => {}, release };
  }

  /** Somebody uses the files of the sandbox; nothing where it doesn't run. */
  stir(name: SandboxName): void {
    const start = this.#starts.get(name);
    if (start?.status === "ready") start.use.touch();
  }

  #requireRun(name: SandboxName, generation?: number): { readonly start: Start; readonly run: Run } {
    const start = this.#require(name);
    if (generation !== undefined && generation !== start.generation) throw interrupted();
    if (start.run !== undefined && start.status === "ready") return { start, run: start.run };
    if (start.status === "starting") throw new HostError("SandboxStarting", "The sandbox is still starting.");
    throw new HostError("SandboxInterrupted", start.reason);
  }

  async ensure(name: SandboxName, request: EnsureSandbox): Promise<HostedSandbox> {
    const start = await this.#change(name, () => this.#admit(name, request));
    const late = new AbortController();
    const isStepped = request.restore !== undefined || request.trustsWorkspace === true;
    const answerMs = isStepped ? stepAnswerMs : this.#answerMsMax;
    await Promise.race([start.decided, delay(answerMs, undefined, { signal: late.signal }).catch(() => {})]);
    late.abort();
    if (start.status === "starting") return this.#describe(name, start);
    if (start.run === undefined) {
      if (start.status === "stopped") throw interrupted();
      throw new HostError(start.tag ?? "SandboxUnavailable", start.reason);
    }
    return this.#describe(name, start);
  }

  /** Resolves when nothing of the sandbox is left but, where asked for, its workspace and home. */
  async destroy(name: SandboxName, { keepsWorkspace }: { readonly keepsWorkspace: boolean }): Promise<void> {
    // Whoever removes a sandbox knows that it ends.
    await this.#ends.forget(name);
    this.#starts.get(name)?.abort.abort();
    this.#places.leave(name);
    await this.#change(name, async () => {
      await this.#ends.forget(name);
      await this.#stop(name, "The sandbox was removed.");
      this.#starts.delete(name);
      if (keepsWorkspace) return;
      await this.#engine.removeFiles(name);
      await this.#generations.forget(name);
    });
  }

  /** Ends a sandbox that starts or runs for a fault of its own. */
  async fail(name: SandboxName, reason: string): Promise<void> {
    const start = this.#require(name);
    if (start.status === "starting") {
      start.failure = reason;
      start.abort.abort();
      await start.decided;
    }
    start.failure = reason;
    await start.run?.sandbox.stop(reason);
    start.status = "failed";
  }

  /** Which hosts the sandboxes of that owner may reach has changed, or all: tells those that run. */
  async reconsiderEgress({ owner }: ReconsiderEgress): Promise<ReconsideredEgress> {
    const running = [...this.#starts.values()].flatMap((start) =>
      start.run !== undefined && start.status === "ready" && (owner === undefined || start.owner === owner)
        ? [start.run.sandbox]
        : [],
    );
    const ended = await Promise.all(running.map((sandbox) => sandbox.reconsiderEgress()));
    return { sandboxes: running.length, connectionsEnded: ended.reduce((sum, count) => sum + count, 0) };
  }

  /** Refuses new starts, ends every sandbox, and waits for what was being changed. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const stopped = [...this.#starts.keys()].map((name) => this.#stop(name, "The sandbox host was stopped."));
    await Promise.all([...stopped, Promise.allSettled(this.#changes.values())]);
  }

  #require(name: SandboxName): Start {
    const start = this.#starts.get(name);
    if (start === undefined) throw notFound("There is no such sandbox on this host.");
    return start;
  }

  #describe(name: SandboxName, start: Start): HostedSandbox {
    const step = start.status === "starting" ? this.#engine.stepOf(name) : undefined;
    return { ...describeStart(name, start), ...(step === undefined ? {} : { reason: step }) };
  }

  #change<A>(name: SandboxName, change: () => Promise<A>): Promise<A> {
    const before = this.#changes.get(name) ?? Promise.resolve();
    const after = before.then(change, change);
    this.#changes.set(name, after);
    const forget = () => {
      if (this.#changes.get(name) === after) this.#changes.delete(name);
    };
    after.then(forget, forget);
    return after;
  }

  /** Finds the start that the request is about, or begins one. */
  async #admit(name: SandboxName, request: EnsureSandbox): Promise<Start> {
    const current = this.#starts.get(name);
    if (current?.generation === request.generation) return current;
    const last = current?.generation ?? (await this.#generations.find(name)) ?? 0;
    if (request.generation < last) {
      throw new HostError("Conflict", `Generation ${request.generation} is over; the last one was ${last}.`);
    }
    if (this.#isClosed) throw new HostError("SandboxUnavailable", "The sandbox host is stopping.");
    return this.#places.within(name, () => this.#begin(name, request));
  }

  async #begin(name: SandboxName, request: EnsureSandbox): Promise<Start> {
    await this.#ends.forget(name);
    await this.#stop(name, "A newer start replaced it.");
    await this.#generations.remember(name, request.generation);
    await this.#ends.began(name, request.generation, request.owner);
    if (this.#isClosed) throw new HostError("SandboxUnavailable", "The sandbox host is stopping.");
    const start: Start = {
      generation: request.generation,
      owner: request.owner,
      abort: new AbortController(),
      use: new UseRecord(this.#now, () => start.run?.nap.end()),
      status: "starting",
      reason: "OpenCode is starting.",
      decided: Promise.resolve(),
    };
    this.#starts.set(name, start);
    start.decided = this.#run(name, request, start);
    return start;
  }

  async #run(name: SandboxName, request: EnsureSandbox, start: Start): Promise<void> {
    try {
      const running = await this.#engine.start({ name, request, traffic: start.use }, start.abort.signal);
      start.run = this.#runOf(name, start, running);
      start.startedInMs = running.startedInMs;
      start.use.touch();
      start.status = "ready";
      start.reason = "OpenCode is ready.";
      this.#log.info(
        { event: "sandbox.ready", sandbox: name, generation: start.generation, durationMs: running.startedInMs },
        "a sandbox is ready",
      );
      running.ended.then((end) => {
        start.status = start.failure === undefined ? end.status : "failed";
        start.reason = end.reason;
        this.#tell(name, start);
        this.#log.info(
          { event: "sandbox.ended", sandbox: name, generation: start.generation, status: end.status },
          end.reason,
        );
      });
    } catch (error) {
      start.status = start.abort.signal.aborted && start.failure === undefined ? "stopped" : "failed";
      if (error instanceof HostError && tellingTags.has(error.tag)) start.tag = error.tag;
      start.reason = start.failure ?? (error instanceof HostError ? error.message : "Couldn't start the sandbox.");
      this.#log.error({ event: "sandbox.start_failed", sandbox: name, err: error }, start.reason);
      this.#tell(name, start);
    }
  }

  #runOf(name: SandboxName, { generation, owner, use }: Start, sandbox: RunningSandbox): Run {
    const onChange = (nap: NapCause | null): void => {
      this.#log.info({ event: "sandbox.nap", sandbox: name, generation, nap }, nap === null ? "awake" : "napping");
      if (owner !== undefined) this.#naps.tell({ name, generation, owner, nap });
    };
    return { sandbox, used: usedSandbox(sandbox, use.note), nap: new Nap({ sandbox, onChange }) };
  }

  #tell(name: SandboxName, { generation, status, reason }: Start): void {
    this.#naps.forget(name);
    this.#ends.ended(name, generation, { status: status === "stopped" ? "stopped" : "failed", reason });
  }

  /** From the call on nobody gets hold of the sandbox, and whoever asks is told that it sleeps. */
  async sleep(name: SandboxName, reason: string): Promise<void> {
    const start = this.#require(name);
    start.status = "stopped";
    start.reason = reason;
    await start.run?.sandbox.stop(reason);
  }

  async #stop(name: SandboxName, reason: string): Promise<void> {
    const start = this.#starts.get(name);
    if (start === undefined) return;
    start.abort.abort();
    await start.decided;
    await start.run?.sandbox.stop(reason);
  }
}
