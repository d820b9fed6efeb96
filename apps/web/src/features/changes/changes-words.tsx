import { Button } from "@threadbox/ui/button";
import { CheckCheck, CircleAlert, GitCompare, LoaderCircle, WifiOff } from "lucide-react";
import { PanelWord } from "../../lib/panel-word.tsx";
import { fileErrorText } from "../files/index.ts";
import { type AskedChanges, askedKey, openChanges } from "./asked-changes.ts";
import type { ChangesState } from "./changes-store.ts";
import { changesTexts } from "./texts.ts";

export interface ChangesWordsProps {
  readonly state: ChangesState;
  readonly isOnline: boolean;
  /** What the sandbox says of its start; null while it does not start. */
  readonly startSentence: string | null;
  readonly onRetry: () => void;
  readonly onAsk: (asked: AskedChanges) => void;
}

/** Why there is nothing to see yet, or nothing at all. */
export function ChangesWords({ state, isOnline, startSentence, onRetry, onAsk }: ChangesWordsProps) {
  const { asked, files, failure, hasAccepted } = state;
  if (files !== null) {
    const isReviewed = hasAccepted && askedKey(asked) === askedKey(openChanges);
    if ("turnId" in asked) return <PanelWord icon={<GitCompare />}>{changesTexts.noneInTurn}</PanelWord>;
    if (!isReviewed) return <PanelWord icon={<GitCompare />}>{changesTexts.none}</PanelWord>;
    return (
      <PanelWord icon={<CheckCheck />}>
        <p>{changesTexts.noneOpen}</p>
        <Button onClick={() => onAsk({ scope: "all" })}>{changesTexts.showAll}</Button>
      </PanelWord>
    );
  }
  if (!isOnline) return <PanelWord icon={<WifiOff />}>{changesTexts.offline}</PanelWord>;
  if (failure !== null) {
    return (
      <PanelWord icon={<CircleAlert />}>
        <p role="alert">
          {changesTexts.failed} {fileErrorText(failure)}
        </p>
        <Button onClick={onRetry}>{changesTexts.retry}</Button>
      </PanelWord>
    );
  }
  return (
    <PanelWord icon={<LoaderCircle className="animate-turn" />}>
      <p role="status">{startSentence ?? changesTexts.loading}</p>
    </PanelWord>
  );
}
