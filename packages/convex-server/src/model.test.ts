import type { ConvexClient } from "convex/browser";
import { expect, test } from "vitest";
import { api } from "../fixture/_generated/api.js";
import { seededRandom, seedOf } from "./functions/runtime/seeded-random.ts";
import { connect, type Fixture, startFixture, type Watch, watch } from "./server.testing.ts";

/**
 * Seeds of the random histories that are played: a few each time, others on demand. Each of the many starts of a server makes
 * threads, and after some thousand of these V8 fails a check of its own (jit_page), so a long campaign is run in parts.
 */
const [first = 1, last = 12] = (process.env.CONVEX_MODEL_SEEDS ?? "1-12").split("-").map(Number);
const stepsMax = 24;
const counters = ["a", "b"];
const pair = ["left", "right"];

/** What the server has to have come to: every acknowledged mutation once, none of those that failed. */
class Model {
  readonly counts = new Map<string, number>();
  pairs = 0;
  /** Bodies, in the order in which each client sent them. */
  readonly sent = new Map<string, string[]>();

  add(name: string, amount: number): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + amount);
  }
}

interface Player {
  client: ConvexClient;
  readonly thread: string;
  readonly watches: Map<string, Watch<number>>;
  pair: Watch<number[]>;
}

/** One random history of clients that write, come and go, while the server is started anew and its clock is set. */
class History {
  readonly #fixture: Fixture;
  readonly #clock: { offsetMs: number };
  readonly #random: () => number;
  readonly #seed: number;
  readonly #model = new Model();
  readonly #pending: Promise<unknown>[] = [];
  readonly #unequal: number[][] = [];
  #players: Player[] = [];

  constructor(fixture: Fixture, clock: { offsetMs: number }, seed: number) {
    this.#fixture = fixture;
    this.#clock = clock;
    this.#seed = seed;
    this.#random = seededRandom(seedOf("history", String(seed)));
  }

  async play(): Promise<void> {
    this.#players = [0, 1, 2].map((number) => this.#join(`${this.#seed} ${number}`));
    const steps = 8 + this.#below(stepsMax - 8);
    for (let step = 0; step < steps; step += 1) await this.#step();
    await Promise.all(this.#pending);
    await this.#converge();
    await Promise.all(this.#players.map(({ client }) => client.close()));
  }

  #below(count: number): number {
    return Math.floor(this.#random() * count);
  }

  #name(name: string): string {
    return `${this.#seed} ${name}`;
  }

  #join(thread: string): Player {
    const client = connect(this.#fixture.url);
    const names = pair.map((name) => this.#name(name));
    const both = watch(client, api.counters.readTwice, { names });
    const watches = counters.map((name): [string, Watch<number>] => [
      name,
      watch(client, api.counters.get, { name: this.#name(name) }),
    ]);
    return { client, thread, watches: new Map(watches), pair: both };
  }

  #noteStates({ pair: { values } }: Player): void {
    this.#unequal.push(...values.filter(([left, right]) => left !== right));
  }

  async #step(): Promise<void> {
    const player = this.#players[this.#below(this.#players.length)];
    const name = counters[this.#below(counters.length)] ?? "a";
    if (player === undefined) return;
    const { client, thread } = player;
    const named = this.#name(name);
    switch (this.#below(9)) {
      case 0:
      case 1:
        return this.#write(client.mutation(api.counters.increment, { name: named }), () => this.#model.add(name, 1));
      case 2:
        return this.#write(client.mutation(api.counters.addAround, { name: named }), () => this.#model.add(name, 3));
      case 3:
      case 4:
        return this.#write(
          client.mutation(api.counters.incrementBoth, { names: pair.map((one) => this.#name(one)) }),
          () => {
            this.#model.pairs += 1;
          },
        );
      case 5: {
        const sent = this.#model.sent.get(thread) ?? [];
        const body = `${sent.length}`;
        this.#model.sent.set(thread, [...sent, body]);
        return this.#write(client.mutation(api.messages.send, { thread, body, order: sent.length }), () => undefined);
      }
      case 6:
        // What fails has no effect, and its error reaches whoever asked.
        this.#pending.push(expect(client.mutation(api.jobs.scheduleThenFail, { name: named })).rejects.toThrow());
        return;
      case 7:
        this.#clock.offsetMs += (this.#below(3) - 1) * 3_600_000;
        return;
      default:
        return this.#disturb(player);
    }
  }

  #write(mutation: Promise<unknown>, onAcknowledged: () => void): void {
    this.#pending.push(mutation.then(onAcknowledged));
  }

  /** Somebody goes and comes back, or everybody loses the server. */
  async #disturb(player: Player): Promise<void> {
    if (this.#below(3) === 0) return this.#fixture.restart(Number(new URL(this.#fixture.url).port));
    // Whoever goes waits for what it has asked; a tab that is closed before is told nothing.
    await Promise.all(this.#pending);
    this.#noteStates(player);
    await player.client.close();
    this.#players = [...this.#players.filter((other) => other !== player), this.#join(player.thread)];
  }

  async #converge(): Promise<void> {
    const { counts, pairs, sent } = this.#model;
    for (const player of this.#players) {
      for (const [name, seen] of player.watches) await seen.until((value) => value === (counts.get(name) ?? 0));
      await player.pair.until(([left, right]) => left === pairs && right === pairs);
      this.#noteStates(player);
    }
    for (const [thread, bodies] of sent) {
      expect(await this.#fixture.http().query(api.messages.bodies, { thread })).toEqual(bodies);
    }
    for (const name of counters) {
      const value = await this.#fixture.http().query(api.counters.get, { name: this.#name(name) });
      expect(value).toBe(counts.get(name) ?? 0);
    }
    expect(this.#unequal).toEqual([]);
  }
}

test(
  "whatever clients do and the server goes through, each acknowledged mutation counts once, and all come to see the same",
  async () => {
    const clock = { offsetMs: 0 };
    const fixture = await startFixture({ now: () => Date.now() + clock.offsetMs });
    for (let seed = first; seed <= last; seed += 1) {
      await new History(fixture, clock, seed).play().catch((cause: unknown) => {
        throw new Error(`History ${seed} did not end as it must.`, { cause });
      });
    }
    await fixture.close();
  },
  120_000 + (last - first) * 10_000,
);
