import { describe, expect, test } from "vitest";
import { FairPlaces } from "./fair-places.ts";

/** Tasks that end when they are told to, and the order in which they began. */
class Tasks {
  readonly begun: string[] = [];
  readonly #ends = new Map<string, (error?: Error) => void>();
  readonly #places: FairPlaces<number>;

  constructor(places: FairPlaces<number>) {
    this.#places = places;
  }

  ask(asker: string, name: string): Promise<number> {
    return this.#places.run(asker, (place) => {
      this.begun.push(name);
      return new Promise((resolve, reject) => {
        this.#ends.set(name, (error) => (error === undefined ? resolve(place) : reject(error)));
      });
    });
  }

  async end(name: string, error?: Error): Promise<void> {
    this.#ends.get(name)?.(error);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("places that are given in turn", () => {
  test("no more tasks run at once than there are places, also when tasks fail", async () => {
    const tasks = new Tasks(new FairPlaces([1, 2]));
    const runs = ["a", "b", "c", "d"].map((asker) => tasks.ask(asker, asker));
    const settled = Promise.allSettled(runs);
    await settle();
    expect(tasks.begun).toEqual(["a", "b"]);
    await tasks.end("a", new Error("failed"));
    expect(tasks.begun).toEqual(["a", "b", "c"]);
    await tasks.end("c");
    expect(tasks.begun).toEqual(["a", "b", "c", "d"]);
    await tasks.end("b");
    await tasks.end("d");
    expect((await settled).map(({ status }) => status)).toEqual(["rejected", "fulfilled", "fulfilled", "fulfilled"]);
  });

  test("whoever asks for much leaves a place to others, and waits for its turn", async () => {
    const tasks = new Tasks(new FairPlaces([1, 2]));
    for (const name of ["a1", "a2", "a3"]) void tasks.ask("a", name);
    await settle();
    expect(tasks.begun).toEqual(["a1"]);
    void tasks.ask("b", "b1");
    void tasks.ask("b", "b2");
    await settle();
    expect(tasks.begun).toEqual(["a1", "b1"]);
    void tasks.ask("c", "c1");
    await tasks.end("a1");
    expect(tasks.begun).toEqual(["a1", "b1", "a2"]);
    await tasks.end("a2");
    // "b" has its share already, so "c" is next although it asked last.
    expect(tasks.begun).toEqual(["a1", "b1", "a2", "c1"]);
    await tasks.end("b1");
    expect(tasks.begun.at(-1)).toBe("b2");
  });

  test("a single place is not kept from anybody", async () => {
    const tasks = new Tasks(new FairPlaces([1]));
    const first = tasks.ask("a", "a1");
    await settle();
    await tasks.end("a1");
    expect(await first).toBe(1);
  });

  test("the place that was used last is used first, so that the others need not be there", async () => {
    const places = new FairPlaces([1, 2, 3]);
    const used: number[] = [];
    for (const _ of [1, 2, 3]) await places.run("a", async (place) => used.push(place));
    expect(used).toEqual([1, 1, 1]);
  });
});
