import { expect, type Page } from "@playwright/test";

const movements = () =>
  document
    .getAnimations()
    .filter(({ playState, effect }) => playState === "running" && Number.isFinite(effect?.getComputedTiming().endTime))
    .length;

/** Finite movements and fades are over: what is measured now stays as it is. */
export const waitUntilAtRest = async (page: Page): Promise<void> => {
  await expect.poll(() => page.evaluate(movements)).toBe(0);
};
