import type { SecretView } from "@threadbox/contracts/secrets";
import type { Standing } from "./standing.ts";
import { secretRotationTexts as texts } from "./texts.ts";

/** Where a rotation is. `failed`: its value did not pass, and was rolled back. */
export type RotationStep = "value" | "check" | "failed" | "rollout" | "done";

/** `asked`: the version that the dialog has made; null: none yet. */
export const rotationStep = ({ versions }: SecretView, standing: Standing, asked: number | null): RotationStep => {
  if (asked === null) return "value";
  const made = versions.find(({ version }) => version === asked);
  if (made === undefined || made.state === "checking") return "check";
  if (made.state === "revoked" && made.checked !== null && standing.newest === asked) return "failed";
  return standing.overlapping === null ? "done" : "rollout";
};

const places: Readonly<Record<RotationStep, number>> = { value: 0, check: 1, failed: 1, rollout: 2, done: 4 };

/** How many of the steps are behind. */
export const stepsBehind = (step: RotationStep): number => places[step];

/** What a check that failed comes to. */
export const failedText = ({ versions }: SecretView, { current }: Standing, asked: number | null): string => {
  const words = versions.find(({ version }) => version === asked)?.checked ?? "";
  return texts.failedCheck(asked ?? 0, words, texts.kept(current));
};
