import { setTimeout as delay } from "node:timers/promises";
import type { ErrorTag } from "@threadbox/contracts/errors";
import type { Generation, SandboxName } from "@threadbox/contracts/ids";
import type {
  EnsureSandbox,
  HostedSandbox,
  ReconsiderEgress,
  ReconsideredEgress,
} from "@threadbox/contracts/sandbox-host";
import type { Logger } from "pino";
import type { RunningSandbox, SandboxEngine } from "../engines/engine.ts";
import { HostError, interrupted, notFound } from "../errors.ts";
import type { EndNotices } from "./end-notices.ts";
import type { GenerationStore } from "./generation-store.ts";
import type { Occupant } from "./place-decision.ts";
import { Places } from "./places.ts";
import { type SandboxUse, UseRecord } from "./use.ts";

/** One start of one sandbox, from the request to its end. */
interface Start {
  readonly generation: Generation;
  readonly owner: EnsureSandbox["owner"];
  readonly abort: AbortController;
  readonly use: UseRecord;
  status: HostedSandbox["status"];
  reason: string;
  /** Why the start failed, where there is a word for it. */
  tag?: ErrorTag;
  /** Why the host abandoned the start. */
  failure?: string;
  startedInMs?: number;
  running?: RunningSandbox;
  /** Settles when the start is decided: ready, or failed with the reason in `status`. Never rejects. */
  decided: Promise<void>;
}

export interface SandboxRegistryOptions {
  readonly engine: SandboxEngine;
  readonly generations: GenerationStore;
  /** Who is told of ends. */
  readonly ends: Pick<EndNotices, "began" | "ended" | "forget">;
  /** How many sandboxes start or run at once. */
  readonly runningMax: number;
  readonly log: Logger;
  /** A start that takes longer is answered that it goes on; 20,000 where absent. */
  readonly answerMsMax?: number;
  /** Milliseconds; only differences matter. */
  readonly now: () => number;
}

const answerMsMaxByDefault = 20_000;
/** Whoever restores files looks on, and wants to see the steps. */
const restoreAnswerMs = 1_000;
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
    this.#log = options.log;
    this.#now = options.now;
    this.#answerMsMax = options.answerMsMax ?? answerMsMaxByDefault;
    this.#places = new Places({
      max: options.runningMax,
      occupants: () => this.#occupants(),
      sleep: (name) => this.#sleep(name),
      now: this.#now,
    });
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
    const start = this.#require(name);
    if (generation !== undefined && generation !== start.generation) throw interrupted();
    if (start.running !== undefined && start.status === "ready") {
      return { sandbox: start.running, release: start.use.begin() };
    }
    if (start.status === "starting") throw new HostError("SandboxStarting", "The sandbox is still starting.");
    throw new HostError("SandboxInterrupted", start.reason);
  }

  async ensure(name: SandboxName, request: EnsureSandbox): Promise<HostedSandbox> {
    const start = await this.#change(name, () => this.#admit(name, request));
    const late = new AbortController();
    const answerMs = request.restore === undefined ? this.#answerMsMax : restoreAnswerMs;
    await Promise.race([start.decided, delay(answerMs, undefined, { signal: late.signal }).catch(() => {})]);
    late.abort();
    if (start.status === "starting") return this.#describe(name, start);
    if (start.running === undefined) {
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
    await start.running?.stop(reason);
    start.status = "failed";
  }

  /** Which hosts the sandboxes of that owner may reach has changed, or all: tells those that run. */
  async reconsiderEgress({ owner }: ReconsiderEgress): Promise<ReconsideredEgress> {
    const running = [...this.#starts.values()].flatMap((start) =>
      start.running !== undefined && start.status === "ready" && (owner === undefined || start.owner === owner)
        ? [start.running]
        : [],
    );
    const ended = await Promise.all(running.map((sandbox) => sandbox.reconsiderEgress()));
    return { sandboxes: running.length, connectionsEnded: ended.reduce((sum, count) => sum + count, 0) };
  }

  /** Refuses new starts and ends every sandbox. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#starts.keys()].map((name) => this.#stop(name, "The sandbox host was stopped.")));
  }

  #require(name: SandboxName): Start {
    const start = this.#starts.get(name);
    if (start === undefined) throw notFound("There is no such sandbox on this host.");
    return start;
  }

  #describe(name: SandboxName, start: Start): HostedSandbox {
    const step = start.status === "starting" ? this.#engine.stepOf(name) : undefined;
    return { ...describe(name, start), ...(step === undefined ? {} : { reason: step }) };
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
      use: new UseRecord(this.#now),
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
      const running = await this.#engine.start({ name, request }, start.abort.signal);
      start.running = running;
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

  #tell(name: SandboxName, { generation, status, reason }: Start): void {
    this.#ends.ended(name, generation, { status: status === "stopped" ? "stopped" : "failed", reason });
  }

  #occupants(): readonly Occupant[] {
    return [...this.#starts]
      .filter(([, { status }]) => status === "starting" || status === "ready")
      .map(
        ([
          name,
          {
            status,
            use: { openUses, usedAt },
          },
        ]) => ({
          name,
          isReady: status === "ready",
          openUses,
          usedAt,
        }),
      );
  }

  /** From the call on nobody gets hold of the sandbox, and whoever asks is told that it sleeps. */
  async #sleep(name: SandboxName): Promise<void> {
    const start = this.#require(name);
    start.status = "stopped";
    start.reason = asleepReason;
    await start.running?.stop(asleepReason);
  }

  async #stop(name: SandboxName, reason: string): Promise<void> {
    const start = this.#starts.get(name);
    if (start === undefined) return;
    start.abort.abort();
    await start.decided;
    await start.running?.stop(reason);
  }
}

const describe = (name: SandboxName, start: Start): HostedSandbox => ({
  name,
  generation: start.generation,
  status: start.status,
  reason: start.reason,
  ...(start.startedInMs === undefined ? {} : { startedInMs: start.startedInMs }),
});
