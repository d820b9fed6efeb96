import { expect, test } from "vitest";
import { choosePlace } from "./choose-place.ts";

const place = (name: string, isAnswering: boolean, ...threads: readonly string[]) => ({ name, isAnswering, threads });
const chosen = (places: Parameters<typeof choosePlace>[0], placesMax = 3) => choosePlace(places, "mine", placesMax);

test("a run has a process to itself: one that answers, one that is about to, or else another one", () => {
  const busy = place("busy", true, "mine");
  const starting = place("starting", false);
  const free = place("free", true);
  expect(chosen([busy, starting, free])).toBe(free);
  expect(chosen([busy, starting])).toBe(starting);
  expect(chosen([busy])).toBeNull();
  expect(chosen([])).toBeNull();
});

test("where there may be no more it shares one with its own thread alone, then the emptiest", () => {
  const mixed = place("mixed", true, "mine", "another's");
  const theirs = place("theirs", true, "another's");
  const mine = place("mine", true, "mine", "mine");
  const mineToo = place("mine too", true, "mine");
  expect(chosen([mixed, theirs, mine, mineToo])).toBe(mineToo);
  expect(chosen([mixed, theirs, mine])).toBe(mine);
  expect(chosen([mixed, theirs, place("more", true, "x", "y")])).toBe(theirs);
});
