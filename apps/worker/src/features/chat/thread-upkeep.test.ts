import { describe, expect, test } from "vitest";
import { nextUpkeepSeconds } from "./thread-upkeep.ts";

const calm = { isBusy: false, isWaiting: false, owedInSeconds: null, hasSockets: false, lookInSeconds: null };

describe("the next look after a thread", () => {
  test("does not come where nothing asks for it", () => {
    expect(nextUpkeepSeconds(calm)).toBeNull();
  });

  test("comes within a minute while somebody listens: rights are asked for anew", () => {
    expect(nextUpkeepSeconds({ ...calm, hasSockets: true })).toBeLessThan(60);
  });

  test("comes soon while a turn runs: its agent may be lost", () => {
    expect(nextUpkeepSeconds({ ...calm, isBusy: true, hasSockets: true })).toBeLessThanOrEqual(10);
  });

  test("comes seldom while a turn waits for a login, and does come: what it is told may be lost", () => {
    expect(nextUpkeepSeconds({ ...calm, isWaiting: true })).toBeGreaterThan(60);
  });

  test("comes, however calm a thread with messages is: they go with it", () => {
    expect(nextUpkeepSeconds({ ...calm, lookInSeconds: 9_000 })).toBe(9_000);
    expect(nextUpkeepSeconds({ ...calm, hasSockets: true, lookInSeconds: 9_000 })).toBeLessThan(60);
  });

  test("comes when what is owed to Convex is due, and no later than anything else asks for", () => {
    expect(nextUpkeepSeconds({ ...calm, owedInSeconds: 4 })).toBe(4);
    expect(nextUpkeepSeconds({ ...calm, isBusy: true, owedInSeconds: 60 })).toBeLessThanOrEqual(10);
  });
});
