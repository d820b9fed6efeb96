import type { SecretHolder, SecretId } from "@threadbox/contracts/secrets";
import type { StoredSecret, VaultBook } from "./book.ts";
import { heldMsMax } from "./keeper.ts";
import type { OpenUses } from "./open-uses.ts";
import type { ProbeOutcome } from "./probes.ts";
import type { RolloutBook } from "./rollout-book.ts";
import type { RolloutKeeper } from "./rollout-keeper.ts";
import { isOverlapOver, newestOf, versionToLease } from "./versions.ts";

/** What came of telling a sandbox that it has to ask anew. `ended`: the start that had the old value is over. */
export type Told =
  | { readonly outcome: "acknowledged"; readonly version: number }
  | { readonly outcome: "dropped" | "unable" | "ended" };

/** What a rollout needs of the rest of the worker. Neither ever rejects. */
export interface RolloutPorts {
  readonly check: (secret: StoredSecret, version: number, value: string) => Promise<ProbeOutcome>;
  readonly tell: (secret: StoredSecret, holder: SecretHolder) => Promise<Told>;
}

const holdersMax = 500;
/** Whoever could not be told is told again after this long, in milliseconds. */
const tellAgainMs = 5_000;
/** And no longer than this after the newest version came; then it is asked for, or the sandbox restarted. */
const tellMsMax = 10 * 60_000;

const unopened: ProbeOutcome = { isGood: false, words: "The new value couldn't be opened again." };
const everybody = (version: number) => `Everyone who had it has version ${version}.`;

/**
 * Brings every secret's newest version to whoever had an older one, step by step, from what is written down: a step that was
 * cut off is taken again.
 */
export class Rollouts {
  readonly #book: VaultBook;
  readonly #rollouts: RolloutBook;
  readonly #keeper: RolloutKeeper;
  readonly #uses: OpenUses;
  readonly #ports: RolloutPorts;
  /** What is being worked on right now; true: it has changed meanwhile and is looked at once more. */
  readonly #busy = new Map<SecretId, boolean>();

  constructor(book: VaultBook, rollouts: RolloutBook, keeper: RolloutKeeper, uses: OpenUses, ports: RolloutPorts) {
    this.#book = book;
    this.#rollouts = rollouts;
    this.#keeper = keeper;
    this.#uses = uses;
    this.#ports = ports;
  }

  /** Does what can be done now, for every secret. Answers when to look again; null: nothing waits. */
  async drive(now: () => number): Promise<number | null> {
    const waits = await Promise.all(this.#book.list().map((secret) => this.#once(secret, now)));
    return waits.some(Boolean) ? now() + tellAgainMs : null;
  }

  /** True where something is left to do later. Nothing is done twice at once. */
  async #once({ id }: StoredSecret, now: () => number): Promise<boolean> {
    if (this.#busy.has(id)) {
      this.#busy.set(id, true);
      return true;
    }
    try {
      let isWaiting: boolean;
      do {
        this.#busy.set(id, false);
        await this.#check(this.#get(id), now);
        await this.#tellAll(this.#get(id), now);
        await this.#end(this.#get(id), now());
        isWaiting = this.#isWaiting(this.#get(id), now());
      } while (this.#busy.get(id) === true);
      return isWaiting;
    } finally {
      this.#busy.delete(id);
    }
  }

  #get(id: SecretId): StoredSecret {
    const secret = this.#book.find(id);
    if (secret === null) throw new Error("Secrets are never taken out of the book.");
    return secret;
  }

  async #check(secret: StoredSecret, now: () => number): Promise<void> {
    const candidate = secret.versions.find(({ state }) => state === "checking");
    if (candidate === undefined) return;
    const { version } = candidate;
    const value = await this.#keeper.candidate(secret, version).catch(() => null);
    const outcome = value === null ? unopened : await this.#ports.check(secret, version, value);
    await this.#keeper.settleCheck(secret.id, version, outcome, now());
  }

  async #tellAll(secret: StoredSecret, now: () => number): Promise<void> {
    const current = versionToLease(secret, now());
    const tell = async (holder: SecretHolder) => {
      const told = await this.#ports.tell(secret, holder);
      // What a sandbox says of itself counts only where it is what it should have.
      if (told.outcome === "acknowledged" && told.version === current)
        await this.#keeper.noteReach(secret, { ...holder, version: told.version }, "told", now());
      else if (told.outcome === "dropped") this.#book.removeHolder(secret.id, holder);
      else await this.#keeper.noteReach(secret, holder, told.outcome === "ended" ? "ended" : "failed", now());
    };
    await Promise.all(this.#behind(secret, current, now()).map(tell));
  }

  /** The sandboxes that keep another version than the current one. */
  #behind(secret: StoredSecret, current: number | null, now: number): readonly SecretHolder[] {
    return this.#book
      .holders(secret.id, now - heldMsMax, holdersMax)
      .filter(({ kind, version, reach }) => kind === "sandbox" && version !== current && reach !== "ended");
  }

  async #end(secret: StoredSecret, now: number): Promise<void> {
    const current = versionToLease(secret, now);
    if (current === null || !this.#rollouts.find(secret.id, current).endsWhenAcknowledged) return;
    const overlapping = secret.versions.filter((facts) => facts.state === "overlap" && !isOverlapOver(facts, now));
    if (overlapping.length === 0 || this.#behind(secret, current, now).length > 0) return;
    const isOpen = overlapping.some(({ version }) => this.#uses.count(secret.id, version, now) > 0);
    if (!isOpen) await this.#keeper.endAcknowledged(secret.id, everybody(current), now);
  }

  #isWaiting(secret: StoredSecret, now: number): boolean {
    const newest = newestOf(secret);
    const createdAt = secret.versions.find(({ version }) => version === newest)?.createdAt ?? 0;
    const isOverlapping = secret.versions.some((facts) => facts.state === "overlap" && !isOverlapOver(facts, now));
    if (secret.versions.some(({ state }) => state === "checking")) return true;
    const current = versionToLease(secret, now);
    if (this.#behind(secret, current, now).length > 0) return isOverlapping || now - createdAt < tellMsMax;
    return isOverlapping && current !== null && this.#rollouts.find(secret.id, current).endsWhenAcknowledged;
  }
}
