import type { SecretVersionView } from "@threadbox/contracts/secrets";
import { Button } from "@threadbox/ui/button";
import { Progress } from "@threadbox/ui/progress";
import { rolloutText, type Standing } from "./standing.ts";
import { secretRotationTexts as texts } from "./texts.ts";

const clock = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** What can be asked while two versions may be used. */
export interface RolloutWishes {
  /** Asked to end the version before; it may still be used by whoever has it. */
  readonly onEnd: (version: number) => void;
  /** Asked to go back to its value. */
  readonly onRollBack: (version: number) => void;
}

const untilText = ({ version, overlapUntil, endsWhenAcknowledged }: SecretVersionView): string => {
  if (overlapUntil === null) return texts.oldOpen(version);
  return (endsWhenAcknowledged ? texts.oldUntilHad : texts.oldUntil)(version, clock.format(overlapUntil));
};

/** How far the current version has come, and the end of the one before. */
export function Rollout({ standing, onEnd, onRollBack }: RolloutWishes & { readonly standing: Standing }) {
  const { upToDate, holders, overlapping, current } = standing;
  return (
    <div className="secrets-rollout">
      {holders === 0 ? null : <Progress label={texts.progress} value={upToDate} max={holders} />}
      <p role="status">{rolloutText(standing)}</p>
      {overlapping === null ? (
        <p className="text-ink-muted">{current === null ? null : texts.oldEnded}</p>
      ) : (
        <>
          <p className="text-ink-muted">
            {untilText(overlapping)}
            {overlapping.openUses === 0 ? null : ` ${texts.openUses(overlapping.openUses, overlapping.version)}`}
          </p>
          <div className="secrets-rollout-end">
            <Button size="sm" onClick={() => onRollBack(overlapping.version)}>
              {texts.rollBack(overlapping.version)}
            </Button>
            <Button size="sm" onClick={() => onEnd(overlapping.version)}>
              {texts.endNow(overlapping.version)}
            </Button>
          </div>
        </>
      )}
    </div>
  );
}
