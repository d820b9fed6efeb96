import type { SandboxName } from "@threadbox/contracts/ids";
import { idleAfterMs } from "./place-decision.ts";

/** A sandbox that runs, as far as its rest is concerned. Times are milliseconds. */
export interface Rester {
  readonly name: SandboxName;
  readonly isNapping: boolean;
  readonly openUses: number;
  readonly heldUses: number;
  readonly usedAt: number;
  readonly stirredAt: number;
}

/** Programs that work take a twentieth of a processor at least; what only waits takes less. */
const workingShare = 0.05;

/** Whether so much processor time since the last look is work. */
export const isWorking = (usedMs: number, passedMs: number): boolean =>
  passedMs > 0 && usedMs / passedMs >= workingShare;

const isQuiet = ({ heldUses, stirredAt }: Rester, forMs: number, now: number): boolean =>
  heldUses === 0 && now - stirredAt >= forMs;

/** Nothing has been under way in it for so long. */
export const isNapDue = (rester: Rester, napAfterMs: number, now: number): boolean =>
  !rester.isNapping && isQuiet(rester, napAfterMs, now);

export type Relief = { readonly kind: "nap" | "sleep"; readonly name: SandboxName };

const leastRecent = (resters: readonly Rester[]): Rester | undefined =>
  resters.toSorted((a, b) => a.stirredAt - b.stirredAt)[0];

/**
 * What gives a machine that is short of memory some: first the sandbox that was used least recently naps, so that it takes no
 * more; when all that are idle do, the one that was used least recently sleeps. Undefined while every one is in use.
 */
export const decideRelief = (resters: readonly Rester[], now: number): Relief | undefined => {
  const idle = resters.filter((rester) => isQuiet(rester, idleAfterMs, now));
  const awake = leastRecent(idle.filter(({ isNapping }) => !isNapping));
  if (awake !== undefined) return { kind: "nap", name: awake.name };
  const asleepNext = leastRecent(idle.filter(({ openUses }) => openUses === 0));
  return asleepNext === undefined ? undefined : { kind: "sleep", name: asleepNext.name };
};
