/** What the worker answered when a secret was asked for. */
export type SecretAnswer =
  | {
      readonly kind: "value";
      readonly secretId: string;
      readonly value: string;
      readonly version: number;
      /** Milliseconds since 1970. */
      readonly expiresAt: number;
    }
  /** It said no, in its own words. */
  | { readonly kind: "refused"; readonly status: number; readonly error: string }
  /** It said nothing, or nothing that can be read. */
  | { readonly kind: "unreachable"; readonly error: string };

export interface KeptSecret {
  readonly secretId: string;
  readonly value: string;
  readonly version: number;
  readonly expiresAt: number;
  /** When the worker last said so. */
  readonly confirmedAt: number;
}

/** A value is handed out without asking for so long, in milliseconds: the safety net under what is told at once. */
export const trustedMs = 5_000;
/** And for so long while the worker can't be reached. */
export const graceMs = 15 * 60_000;

/** After these nothing that was kept may be used. */
const ending: ReadonlySet<number> = new Set([401, 403, 404, 410]);

export interface SecretOutcome {
  /** What is kept from now on; null: nothing. */
  readonly kept: KeptSecret | null;
  /** The worker has said so just now. */
  readonly isConfirmed: boolean;
  /** What whoever asked gets. */
  readonly answer: { readonly status: 200; readonly value: string; readonly version: number } | Refusal;
}

interface Refusal {
  readonly status: number;
  readonly error: string;
}

const given = (kept: KeptSecret, isConfirmed: boolean): SecretOutcome => ({
  kept,
  isConfirmed,
  answer: { status: 200, value: kept.value, version: kept.version },
});

const isWithinGrace = (kept: KeptSecret | null, now: number): kept is KeptSecret =>
  kept !== null && now - kept.confirmedAt <= graceMs && now < kept.expiresAt;

/**
 * What follows from an answer. An older value is used only where the worker can't be reached, for a while: never after it has
 * said no, and never one below a version that was known.
 */
export const decideSecret = (kept: KeptSecret | null, answer: SecretAnswer, now: number): SecretOutcome => {
  if (answer.kind === "value" && answer.value !== "") {
    const isOlder = kept !== null && kept.secretId === answer.secretId && answer.version < kept.version;
    if (!isOlder) {
      const { secretId, value, version, expiresAt } = answer;
      return given({ secretId, value, version, expiresAt, confirmedAt: now }, true);
    }
  }
  if (answer.kind === "refused" && ending.has(answer.status))
    return { kept: null, isConfirmed: true, answer: { status: answer.status, error: answer.error } };
  // A worker that asks for patience can be reached: what is kept stays, and is not handed out on its account.
  const isDown = answer.kind !== "refused" || answer.status >= 500;
  if (isDown && isWithinGrace(kept, now)) return given(kept, false);
  const error = answer.kind === "value" ? "the worker answered with an older value" : answer.error;
  return { kept, isConfirmed: false, answer: { status: answer.kind === "refused" ? answer.status : 502, error } };
};

/** Whether it may be handed out without asking. */
export const isTrusted = (kept: KeptSecret | null, now: number): kept is KeptSecret =>
  kept !== null && now - kept.confirmedAt < trustedMs && now < kept.expiresAt;

/** What is left of it once a lowest version has been told. */
export const withoutOlder = (kept: KeptSecret | null, secretId: string, minVersion: number): KeptSecret | null =>
  kept !== null && kept.secretId === secretId && kept.version < minVersion ? null : kept;
