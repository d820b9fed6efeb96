import type { UIMessageChunk } from "ai";
import { chunksFor, emptyLedger, type Ledger } from "./chunks.ts";
import { type TranscriptPart, transcriptOf } from "./transcript.ts";
import { emptyLog, type TurnLog, withEntries, withEvent, withGap } from "./turn-log.ts";
import type { OpenCodeEntry, OpenCodeEvent } from "./wire.ts";

/**
 * One OpenCode turn as a stream of message chunks. Every step is: take the news into the log, then say what has not
 * been said yet. So it does not matter whether news arrives as an event or as the session's stored messages, twice
 * or after a gap: nothing is lost and nothing is said twice.
 */
export interface TurnState {
  readonly log: TurnLog;
  readonly ledger: Ledger;
}
export type Step = readonly [TurnState, readonly UIMessageChunk[]];

/**
 * `promptId` is the id of the user message as OpenCode knows it; `heard` the text of parts, by id, that was told before
 * this state was lost.
 */
export const beginTurn = (promptId: string, heard?: ReadonlyMap<string, string>): TurnState => ({
  log: emptyLog(promptId, heard),
  ledger: emptyLedger,
});

const said = (state: TurnState, log: TurnLog, isOver = false): Step => {
  const [ledger, chunks] = chunksFor(state.ledger, log, isOver);
  return [{ log, ledger }, chunks];
};

/** An event of the turn's session. */
export const reduceEvent = (state: TurnState, event: OpenCodeEvent): Step => {
  const log = withEvent(state.log, event);
  return log === state.log ? [state, []] : said(state, log);
};

/** The stream of events was lost: pieces of text that follow cannot be placed before the next `resync`. */
export const markGap = (state: TurnState): TurnState => ({ ...state, log: withGap(state.log) });

/** The session's stored messages, read after (re)opening the stream of events. */
export const resync = (state: TurnState, entries: readonly OpenCodeEntry[]): Step =>
  said(state, withEntries(state.log, entries));

/** The turn has ended, well or badly: closes what is open. */
export const endTurn = (state: TurnState): Step => said(state, state.log, true);

/** The settled message. It follows from the log alone, whatever the stream has said. */
export const settledParts = (state: TurnState): readonly TranscriptPart[] => transcriptOf(state.log, true);
