import type { UIMessageChunk } from "ai";
import { Effect, Schedule } from "effect";
import type { TurnListener } from "../opencode/index.ts";
import { runThreadTurn, type ThreadTurn } from "./run-thread-turn.ts";

/** No more of what was told than of so long may be lost with the agent. */
const keepInterval = "500 millis";

export interface ToldTurn extends Omit<ThreadTurn, "listener"> {
  readonly tell: (chunks: readonly UIMessageChunk[]) => void;
  readonly show: TurnListener["show"];
}

/** Runs a turn, and keeps what clients are told of it, so that one whose agent is lost goes on from there. */
export const tellTurn = ({ tell, show, ...given }: ToldTurn) => {
  const { store, turn } = given;
  const { told } = store;
  const keep = () => told.keep(turn.turnId, turn.resumes);
  const keeping = Effect.andThen(Effect.repeat(Effect.sync(keep), Schedule.spaced(keepInterval)), Effect.never);
  const listener: TurnListener = {
    tell: (chunks) => {
      told.note(chunks);
      if (told.isUrgent) keep();
      tell(chunks);
    },
    show,
  };
  return Effect.raceFirst(runThreadTurn({ ...given, listener }), keeping);
};
