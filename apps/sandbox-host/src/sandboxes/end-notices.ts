import { setTimeout as delay } from "node:timers/promises";
import type { Generation, SandboxName } from "@threadbox/contracts/ids";
import { type SandboxEnd, sandboxEndsMax } from "@threadbox/contracts/sandbox-host";
import type { Logger } from "pino";
import type { EndRecord, EndRecords } from "./end-records.ts";
import type { SendNews } from "./worker-ear.ts";

export interface EndNoticesOptions {
  readonly records: EndRecords;
  /** Null: nobody wants to hear of ends. */
  readonly send: SendNews<SandboxEnd> | null;
  readonly log: Logger;
  /** Pauses before ends are told again; may reject when the signal aborts. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

const pauseMs = { first: 100, last: 5_000 };
const lostReason = "The sandbox host stopped unexpectedly.";

const waitFor: NonNullable<EndNoticesOptions["wait"]> = (ms, signal) => delay(ms, undefined, { signal, ref: false });

/**
 * Tells the worker of every end until it has taken it. Of each sandbox only the newest generation counts, so that there
 * is never more to tell than there are sandboxes, and a later end is never followed by an earlier one. What is to be
 * told is kept on disk: an end that one host process could not tell, the next one tells, as it does of everything that
 * ran when the earlier process died.
 */
export class EndNotices {
  readonly #records: EndRecords;
  readonly #send: SendNews<SandboxEnd> | null;
  readonly #log: Logger;
  readonly #wait: NonNullable<EndNoticesOptions["wait"]>;
  readonly #known = new Map<SandboxName, EndRecord>();
  readonly #closing = new AbortController();
  /** Changes on disk happen one after the other. */
  #written: Promise<unknown> = Promise.resolve();
  #telling: Promise<void> | null = null;
  /** Ends the pause before the next attempt. */
  #hurry = new AbortController();

  constructor(options: EndNoticesOptions) {
    this.#records = options.records;
    this.#send = options.send;
    this.#log = options.log;
    this.#wait = options.wait ?? waitFor;
  }

  /** Takes over what an earlier process left: all that it did not see end ended with it. To be called once, first. */
  async recover(): Promise<void> {
    if (this.#send === null) return;
    for (const [name, record] of await this.#records.readAll()) {
      this.#known.set(name, { end: { status: "failed", reason: lostReason }, ...record });
    }
    this.#tell();
  }

  /** Resolves when the start would be told of by the next process too, if this one died. */
  async began(name: SandboxName, generation: Generation, owner: string | undefined): Promise<void> {
    if (owner === undefined || this.#send === null) return this.forget(name);
    const record = { generation, owner };
    this.#known.set(name, record);
    await this.#write(() => this.#records.write(name, record));
  }

  /** The end of another generation than the newest is no news. */
  ended(name: SandboxName, generation: Generation, end: NonNullable<EndRecord["end"]>): void {
    const known = this.#known.get(name);
    if (known?.generation !== generation || known.end !== undefined) return;
    const record = { ...known, end };
    this.#known.set(name, record);
    this.#write(() => this.#records.write(name, record)).catch(() => {});
    this.#tell();
  }

  /** Nobody wants to hear of this sandbox any more. */
  async forget(name: SandboxName): Promise<void> {
    if (this.#known.delete(name)) await this.#write(() => this.#records.remove(name));
  }

  /** Stops telling; resolves when everything that is left is on disk. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#telling;
    await this.#written.catch(() => {});
  }

  #write(change: () => Promise<void>): Promise<void> {
    const after = this.#written.then(change, change);
    this.#written = after;
    after.catch((error: unknown) => this.#log.error({ event: "end.not_kept", err: error }, "an end was not kept"));
    return after;
  }

  #untold(): readonly SandboxEnd[] {
    return [...this.#known].flatMap(([name, { generation, owner, end }]) =>
      end === undefined ? [] : [{ name, generation, owner, ...end }],
    );
  }

  #tell(): void {
    this.#hurry.abort();
    this.#telling ??= this.#tellAll().finally(() => {
      this.#telling = null;
      // One may have come between the last look and this.
      if (!this.#closing.signal.aborted && this.#untold().length > 0) this.#tell();
    });
  }

  async #tellAll(): Promise<void> {
    for (let pause = pauseMs.first; !this.#closing.signal.aborted; pause = Math.min(pause * 2, pauseMs.last)) {
      this.#hurry = new AbortController();
      const untold = this.#untold();
      if (untold.length === 0) return;
      const isDone = await this.#tellSome(untold.slice(0, sandboxEndsMax));
      if (isDone) pause = pauseMs.first / 2;
      else await this.#wait(pause, AbortSignal.any([this.#closing.signal, this.#hurry.signal])).catch(() => {});
    }
  }

  /** Whether all of them were taken. */
  async #tellSome(ends: readonly SandboxEnd[]): Promise<boolean> {
    try {
      const later = new Set(await this.#send?.(ends, this.#closing.signal));
      const taken = ends.filter(({ name }) => !later.has(name));
      for (const { name, generation } of taken) {
        if (this.#known.get(name)?.generation === generation) await this.forget(name).catch(() => {});
      }
      // Those that are to wait stand behind the others from now on.
      for (const name of later) {
        const record = this.#known.get(name);
        if (record !== undefined && this.#known.delete(name)) this.#known.set(name, record);
      }
      return later.size === 0;
    } catch (error) {
      if (!this.#closing.signal.aborted)
        this.#log.warn({ event: "end.not_told", err: error }, "the worker was not told");
      return false;
    }
  }
}
