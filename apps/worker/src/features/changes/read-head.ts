import { type ChangesTurn, changesLimits } from "@threadbox/contracts/changes";
import { TurnId } from "@threadbox/contracts/ids";
import { Schema } from "effect";

/** What the program says of a root before it tells the differences. */
export interface DiffHead {
  /** The commit that was cloned; null where the work began with nothing. */
  readonly commit: string | null;
  readonly hasAccepted: boolean;
  /** Latest first. */
  readonly turns: readonly ChangesTurn[];
}

const form = /^([0-9a-f]{40})?\0(accepted)?\0((?:\d{1,10} [^\0]*\0)*)\0/;
const turn = /^(\d{1,10}) (\S+)(?: (.*))?$/s;
const isTurnId = Schema.is(TurnId);

/** The head and how many characters it takes; null where what was printed does not begin with one. */
export const readHead = (stdout: string): { readonly head: DiffHead; readonly length: number } | null => {
  const found = form.exec(stdout);
  if (found === null) return null;
  const [{ length }, commit = null, accepted, listed = ""] = found;
  const turns = listed
    .split("\0")
    .slice(0, changesLimits.turnsMax)
    .flatMap((record): readonly ChangesTurn[] => {
      const [, seconds = "", turnId = "", title = ""] = turn.exec(record) ?? [];
      if (!isTurnId(turnId)) return [];
      return [{ turnId, title: title.slice(0, changesLimits.turnTitleLengthMax), endedAt: Number(seconds) * 1000 }];
    });
  return { head: { commit, hasAccepted: accepted !== undefined, turns }, length };
};
