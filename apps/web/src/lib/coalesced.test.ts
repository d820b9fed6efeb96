import { expect, test } from "vitest";
import { coalesced } from "./coalesced.ts";

test("whoever asks during a run is owed one more, all of them the same, and waits for it", async () => {
  const ends: (() => void)[] = [];
  const again = coalesced(() => new Promise<void>((end) => ends.push(end)));
  const first = again();
  const others = [again(), again()];
  let isOver = false;
  void Promise.all([first, ...others]).then(() => {
    isOver = true;
  });
  ends[0]?.();
  await expect.poll(() => ends.length).toBe(2);
  expect(isOver).toBe(false);
  ends[1]?.();
  await Promise.all([first, ...others]);
  expect(ends).toHaveLength(2);
  void again();
  expect(ends).toHaveLength(3);
});

test("a run that fails is told to whoever waits, and the next one begins anew", async () => {
  let count = 0;
  const again = coalesced(() => {
    count += 1;
    return count === 1 ? Promise.reject(new Error("no")) : Promise.resolve();
  });
  await expect(again()).rejects.toThrow("no");
  await expect(again()).resolves.toBeUndefined();
});
