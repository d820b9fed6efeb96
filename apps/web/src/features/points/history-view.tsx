import { pointLimits } from "@threadbox/contracts/point-limits";
import type { ThreadPoint } from "@threadbox/contracts/points";
import { Button } from "@threadbox/ui/button";
import { Archive, CircleAlert, Flag, History, LoaderCircle, RotateCcw, WifiOff } from "lucide-react";
import { useState } from "react";
import { PanelWord } from "../../lib/panel-word.tsx";
import { sizeText } from "../../lib/size.ts";
import { useOnline } from "../../lib/use-online.ts";
import { useSandbox } from "../sandbox/index.ts";
import { visibleText } from "../text/index.ts";
import "./points.css";
import { OffshootFrom } from "./offshoot-from.tsx";
import { usePointsClient } from "./points-client.ts";
import RestoreDialog, { type RestoreDialogProps } from "./restore-dialog.tsx";
import { offshootTexts, pointTexts, restoreTexts } from "./texts.ts";
import { usePoints } from "./use-points.ts";
import { byDay, timeOf, whenText } from "./when.ts";

const pageSize = 50;

const titleOf = ({ cause, about }: ThreadPoint): string => {
  if (about === undefined || cause === "restore") return pointTexts.causes[cause];
  return pointTexts.after(visibleText(about));
};

const detailOf = ({ cause, about, bytes }: ThreadPoint): string =>
  [
    ...(about === undefined || cause === "turn"
      ? []
      : [cause === "restore" ? pointTexts.after(visibleText(about)) : pointTexts.causes[cause]]),
    sizeText(bytes),
  ].join(" · ");

interface RowProps {
  readonly threadId: string;
  readonly point: ThreadPoint;
  readonly onRestore: () => void;
}

function Row({ threadId, point, onRestore }: RowProps) {
  const Icon = point.cause === "restore" ? RotateCcw : Archive;
  return (
    <li className="point-row">
      <Icon aria-hidden="true" />
      <div className="min-w-0 flex-1">
        <p className="break-words">{titleOf(point)}</p>
        <p className="text-ink-muted text-xs">{detailOf(point)}</p>
      </div>
      <time dateTime={new Date(point.at).toISOString()} className="shrink-0 text-ink-muted text-xs tabular">
        {timeOf(point.at)}
      </time>
      <OffshootFrom
        threadId={threadId}
        place={{ after: point.after ?? null, pointId: point.id }}
        label={offshootTexts.fromPoint(whenText(point.at, Date.now()))}
      />
      <Button
        size="sm"
        aria-haspopup="dialog"
        aria-label={pointTexts.restoreTo(whenText(point.at, Date.now()))}
        onClick={onRestore}
      >
        {pointTexts.restore}
      </Button>
    </li>
  );
}

type Chosen = Pick<RestoreDialogProps, "subject" | "description" | "goesOnAfter">;

const chosenPoint = (point: ThreadPoint): Chosen => ({
  subject: { kind: "point", point },
  description: restoreTexts.toPoint(whenText(point.at, Date.now())),
  goesOnAfter: point.after,
});
const chosenBeginning: Chosen = {
  subject: { kind: "beginning" },
  description: restoreTexts.toBeginning,
  goesOnAfter: null,
};

export interface HistoryViewProps {
  readonly threadId: string;
  /** False while something else is in front. */
  readonly isShown: boolean;
}

/** What the thread's files can be restored to, the latest first. */
export function HistoryView({ threadId, isShown }: HistoryViewProps) {
  const client = usePointsClient(threadId);
  const isOnline = useOnline();
  const sandbox = useSandbox(threadId);
  const { state, again } = usePoints(threadId, client, isShown && isOnline);
  const [shown, setShown] = useState(pageSize);
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [isOpen, setIsOpen] = useState(false);
  const choose = (wanted: Chosen) => {
    setChosen(wanted);
    setIsOpen(true);
  };
  if (state.kind !== "known") {
    if (!isOnline) return <PanelWord icon={<WifiOff />}>{pointTexts.offline}</PanelWord>;
    if (state.kind === "failed")
      return (
        <PanelWord icon={<CircleAlert />}>
          <p role="alert">{pointTexts.failed}</p>
          <Button onClick={again}>{pointTexts.retry}</Button>
        </PanelWord>
      );
    return (
      <PanelWord icon={<LoaderCircle className="animate-turn" />}>
        <p role="status">{pointTexts.loading}</p>
      </PanelWord>
    );
  }
  const { points } = state;
  return (
    <>
      {points.length === 0 ? (
        <PanelWord icon={<History />}>
          {sandbox?.provider === "cloudflare" ? pointTexts.unsaved : pointTexts.none}
        </PanelWord>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: without focus the keyboard could not scroll it
        <section className="points" tabIndex={0} aria-label={pointTexts.list}>
          {byDay(points.slice(0, shown)).map(({ day, things }) => (
            <section key={day} aria-label={day}>
              <h2 className="points-day">{day}</h2>
              <ul>
                {things.map((point) => (
                  <Row key={point.id} threadId={threadId} point={point} onRestore={() => choose(chosenPoint(point))} />
                ))}
              </ul>
            </section>
          ))}
          {points.length > shown ? (
            <div className="points-more">
              <Button size="sm" onClick={() => setShown(shown + pageSize)}>
                {pointTexts.more}
              </Button>
            </div>
          ) : (
            <ul>
              <li className="point-row">
                <Flag aria-hidden="true" />
                <p className="min-w-0 flex-1">{pointTexts.beginning}</p>
                <Button
                  size="sm"
                  aria-haspopup="dialog"
                  aria-label={pointTexts.restoreTo(pointTexts.beginning)}
                  onClick={() => choose(chosenBeginning)}
                >
                  {pointTexts.restore}
                </Button>
              </li>
            </ul>
          )}
          <p className="points-note">{pointTexts.kept(pointLimits.allDays, pointLimits.dailyDays)}</p>
        </section>
      )}
      {chosen === null ? null : (
        <RestoreDialog {...chosen} threadId={threadId} isOpen={isOpen} onClose={() => setIsOpen(false)} />
      )}
    </>
  );
}
