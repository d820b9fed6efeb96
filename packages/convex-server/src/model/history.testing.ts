import type { ConvexClient } from "convex/browser";
import { ConvexHttpClient } from "convex/browser";
import { expect } from "vitest";
import { api } from "../../fixture/_generated/api.js";
import { seededRandom, seedOf } from "../functions/runtime/seeded-random.ts";
import { connect, type Watch, watch } from "../server.testing.ts";
import type { World } from "./worlds.testing.ts";

const stepsMin = 8;
const stepsMax = 24;
const counters = ["a", "b"];
const pair = ["left", "right"];
const jobs = "jobs";
const hourMs = 3_600_000;
const jobDelayMsMax = 500;
/** More than the write-ahead log has room for on a full disk. */
const heavy = 900_000;

/** What the server has to have come to: every acknowledged mutation and every job of one once, nothing of what failed. */
class Model {
  readonly counts = new Map<string, number>();
  pairs = 0;
  /** Bodies that were acknowledged, in the order in which each client sent them. */
  readonly sent = new Map<string, string[]>();

  count(name: string): number {
    return this.counts.get(name) ?? 0;
  }

  add(name: string, amount: number): void {
    this.counts.set(name, this.count(name) + amount);
  }
}

interface Player {
  client: ConvexClient;
  readonly thread: string;
  readonly watches: Map<string, Watch<number>>;
  pair: Watch<number[]>;
}

/** One random history of clients that write, come and go, while a server goes through what its world can do to it. */
export class History {
  /** How far ahead of ours a server's clock has been in any history, so that it never goes back from one to the next. */
  static #latestOffsetMs = 0;
  readonly #world: World;
  readonly #random: () => number;
  readonly #seed: number;
  readonly #model = new Model();
  readonly #pending: Promise<unknown>[] = [];
  readonly #unequal: number[][] = [];
  #offsetMs = History.#latestOffsetMs;
  #sent = 0;
  #players: Player[] = [];

  private constructor(world: World, seed: number) {
    this.#world = world;
    this.#seed = seed;
    this.#random = seededRandom(seedOf("history", String(seed)));
  }

  /** Rejects, and names the seed, when the server does not come to what it must. */
  static async play(world: World, seed: number): Promise<void> {
    await new History(world, seed).#play().catch((cause: unknown) => {
      throw new Error(`History ${seed} did not end as it must.`, { cause });
    });
  }

  async #play(): Promise<void> {
    this.#players = [0, 1, 2].map((number) => this.#join(this.#name(String(number))));
    const steps = stepsMin + this.#below(stepsMax - stepsMin);
    for (let step = 0; step < steps; step += 1) await this.#step();
    await this.#world.disturb("room");
    await Promise.all(this.#pending);
    await this.#converge();
    await Promise.all(this.#players.map(({ client }) => client.close()));
  }

  #below(count: number): number {
    return Math.floor(this.#random() * count);
  }

  #pick<Item>(items: readonly Item[]): Item {
    const item = items[this.#below(items.length)];
    if (item === undefined) throw new Error("There is nothing to choose from.");
    return item;
  }

  #name(name: string): string {
    return `${this.#seed} ${name}`;
  }

  #join(thread: string): Player {
    const client = connect(this.#world.url);
    const both = watch(client, api.counters.readTwice, { names: pair.map((name) => this.#name(name)) });
    const watches = [...counters, jobs].map((name): [string, Watch<number>] => [
      name,
      watch(client, api.counters.get, { name: this.#name(name) }),
    ]);
    return { client, thread, watches: new Map(watches), pair: both };
  }

  #noteStates({ pair: { values } }: Player): void {
    this.#unequal.push(...values.filter(([left, right]) => left !== right));
  }

  async #step(): Promise<void> {
    const player = this.#pick(this.#players);
    const what = this.#below(12);
    if (what >= 10) return this.#disturb(player);
    if (what === 9) return this.#setClock(this.#offsetMs + (this.#below(3) - 1) * hourMs);
    this.#write(player, what);
  }

  #write(player: Player, what: number): void {
    if (what < 3) this.#count(player, what);
    else if (what < 5) this.#countPair(player);
    else if (what === 5) this.#say(player);
    else if (what === 6) this.#fail(player);
    else this.#schedule(player);
  }

  #count({ client }: Player, what: number): void {
    const name = this.#pick(counters);
    const named = { name: this.#name(name) };
    const add = (amount: number) => () => this.#model.add(name, amount);
    if (what === 0) this.#expect(client.mutation(api.counters.increment, named), add(1));
    else if (what === 1) this.#expect(client.mutation(api.counters.addAround, named), add(3));
    else this.#expect(client.mutation(api.counters.incrementHeavily, { ...named, length: heavy }), add(1));
  }

  #countPair({ client }: Player): void {
    const names = pair.map((name) => this.#name(name));
    this.#expect(client.mutation(api.counters.incrementBoth, { names }), () => {
      this.#model.pairs += 1;
    });
  }

  #say({ client, thread }: Player): void {
    this.#sent += 1;
    const body = `${this.#sent}`;
    this.#expect(client.mutation(api.messages.send, { thread, body, order: this.#sent }), () => {
      this.#model.sent.set(thread, [...(this.#model.sent.get(thread) ?? []), body]);
    });
  }

  /** What fails has no effect, and its error reaches whoever asked. */
  #fail({ client }: Player): void {
    this.#pending.push(
      expect(client.mutation(api.jobs.scheduleThenFail, { name: this.#name(jobs) })).rejects.toThrow(),
    );
  }

  #schedule({ client }: Player): void {
    const delayMs = this.#below(jobDelayMsMax);
    const mutation = client.mutation(api.jobs.addLater, { name: this.#name(jobs), delayMs });
    this.#expect(mutation, () => this.#model.add(jobs, 1));
  }

  /** What is acknowledged counts; only for want of room may it be refused instead, and then it never counts. */
  #expect(mutation: Promise<unknown>, onAcknowledged: () => void): void {
    const refused = (thrown: unknown): void => {
      const mayBeFull = this.#world.disturbances.includes("full");
      if (!mayBeFull || !String(thrown).includes("disk is full")) throw thrown;
    };
    const settled = mutation.then(onAcknowledged, refused);
    settled.catch(() => undefined);
    this.#pending.push(settled);
  }

  /** Somebody goes and comes back, or the server goes through something. */
  async #disturb(player: Player): Promise<void> {
    if (this.#below(3) !== 0) return this.#world.disturb(this.#pick(this.#world.disturbances));
    // Whoever goes waits for what it has asked; a tab that is closed before is told nothing.
    await Promise.all(this.#pending);
    this.#noteStates(player);
    await player.client.close();
    this.#players = [...this.#players.filter((other) => other !== player), this.#join(player.thread)];
  }

  #setClock(offsetMs: number): void {
    this.#offsetMs = offsetMs;
    History.#latestOffsetMs = Math.max(offsetMs, History.#latestOffsetMs);
    this.#world.setClock(offsetMs);
  }

  async #converge(): Promise<void> {
    // All that was scheduled while the clock was ahead is due then; one more job tells the server to look at its clock.
    History.#latestOffsetMs += jobDelayMsMax;
    this.#setClock(History.#latestOffsetMs);
    const http = new ConvexHttpClient(this.#world.url, { logger: false });
    await http.mutation(api.jobs.addLater, { name: this.#name(jobs), delayMs: 0 });
    this.#model.add(jobs, 1);
    for (const player of this.#players) {
      for (const [name, seen] of player.watches) {
        expect(await seen.until((value) => value >= this.#model.count(name))).toBe(this.#model.count(name));
      }
      const { pairs } = this.#model;
      expect(await player.pair.until(([left = 0]) => left >= pairs)).toEqual([pairs, pairs]);
      this.#noteStates(player);
    }
    expect(await http.query(api.jobs.countPending, {})).toBe(0);
    for (const [thread, bodies] of this.#model.sent) {
      expect(await http.query(api.messages.bodies, { thread })).toEqual(bodies);
    }
    for (const name of [...counters, jobs]) {
      expect(await http.query(api.counters.get, { name: this.#name(name) })).toBe(this.#model.count(name));
    }
    expect(this.#unequal).toEqual([]);
  }
}
