import type { ChangesTurn } from "@threadbox/contracts/changes";
import { visibleText } from "../text/index.ts";
import { type AskedChanges, askedKey, askedOf, openChanges } from "./asked-changes.ts";
import { changesTexts } from "./texts.ts";

export interface ChangesChoiceProps {
  readonly asked: AskedChanges;
  readonly turns: readonly ChangesTurn[];
  readonly hasAccepted: boolean;
  readonly onAsk: (asked: AskedChanges) => void;
}

/** Which changes are shown: all, those nobody has accepted, or what one turn changed. */
export function ChangesChoice({ asked, turns, hasAccepted, onAsk }: ChangesChoiceProps) {
  const shown = askedKey(asked);
  if (turns.length === 0 && !hasAccepted && shown === askedKey(openChanges)) return null;
  const isKnown = !("turnId" in asked) || turns.some(({ turnId }) => turnId === asked.turnId);
  const isAll = hasAccepted || shown === "all";
  return (
    <select
      aria-label={changesTexts.choice}
      className="changes-select"
      value={shown}
      onChange={({ currentTarget }) => onAsk(askedOf(currentTarget.value))}
    >
      <option value="open">{isAll ? changesTexts.open : changesTexts.all}</option>
      {isAll ? <option value="all">{changesTexts.all}</option> : null}
      {isKnown ? null : <option value={shown}>{changesTexts.unknownTurn}</option>}
      {turns.length === 0 ? null : (
        <optgroup label={changesTexts.byTurn}>
          {turns.map(({ turnId, title, endedAt }) => (
            <option key={turnId} value={askedKey({ turnId })}>
              {changesTexts.turn(new Date(endedAt), visibleText(title))}
            </option>
          ))}
        </optgroup>
      )}
    </select>
  );
}
