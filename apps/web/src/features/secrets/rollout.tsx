import { Button } from "@threadbox/ui/button";
import { rolloutText, type Standing } from "./standing.ts";
import { secretRotationTexts as texts } from "./texts.ts";

const clock = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

interface RolloutProps {
  readonly standing: Standing;
  /** Asked to end the version before; it may still be used by whoever has it. */
  readonly onEnd: (version: number) => void;
}

/** How far the current version has come, and the end of the one before. */
export function Rollout({ standing, onEnd }: RolloutProps) {
  const { upToDate, holders, overlapping } = standing;
  return (
    <div className="secrets-rollout">
      {holders === 0 ? null : <progress aria-label={texts.progress} value={upToDate} max={holders} />}
      <p role="status">{rolloutText(standing)}</p>
      {overlapping === null ? (
        <p className="text-ink-muted">{texts.oldEnded}</p>
      ) : (
        <div className="secrets-rollout-end">
          <p className="text-ink-muted">
            {overlapping.overlapUntil === null
              ? texts.oldOpen(overlapping.version)
              : texts.oldUntil(overlapping.version, clock.format(overlapping.overlapUntil))}
          </p>
          <Button size="sm" onClick={() => onEnd(overlapping.version)}>
            {texts.endNow(overlapping.version)}
          </Button>
        </div>
      )}
    </div>
  );
}
