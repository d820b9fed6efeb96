import { statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { api } from "../../fixture/_generated/api.js";
import { startFixture } from "../server.testing.ts";

test("the write-ahead log stays bounded while queries overlap without a gap", async () => {
  const walSizeMax = 1 << 20;
  const fixture = await startFixture({ walSizeMax });
  let isOver = false;
  // Each holds its state of the database for some time, and another begins before it ends.
  const read = async (): Promise<void> => {
    const names = ["a", "b", "c", "d", "e", "f", "g", "h"];
    while (!isOver) await fixture.http().query(api.counters.readTwice, { names });
  };
  const readers = [read(), read(), read(), read()];
  const sizes: number[] = [];
  for (let written = 0; written < 640; written += 1) {
    await fixture.http().mutation(api.values.storeText, { length: 16_000 });
    sizes.push(statSync(join(fixture.stateFolder, "convex.sqlite-wal")).size);
  }
  isOver = true;
  await Promise.all(readers);
  // Some 16 kB a commit, and it is looked at after each 16: without a bound it would come to more than ten megabytes.
  expect(Math.max(...sizes)).toBeLessThan(8 << 20);
  expect(Math.min(...sizes.slice(300))).toBeLessThan(walSizeMax);
  await fixture.close();
});
