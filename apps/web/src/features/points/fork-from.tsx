import { IconButton } from "@threadbox/ui/button";
import { GitFork, LoaderCircle } from "lucide-react";
import { useOnline } from "../../lib/use-online.ts";
import { forkTexts as texts } from "./texts.ts";
import { type ForkPlace, useFork } from "./use-fork.ts";

export interface ForkFromProps {
  readonly threadId: string;
  readonly place: ForkPlace;
  readonly label: string;
}

/** Starts a new thread that goes on from a moment of this one, which stays as it is. */
export function ForkFrom({ threadId, place, label }: ForkFromProps) {
  const { isForking, fork } = useFork(threadId);
  const isOnline = useOnline();
  return (
    <>
      <IconButton
        label={label}
        icon={isForking ? <LoaderCircle className="animate-turn" /> : <GitFork />}
        size="sm"
        disabled={isForking || !isOnline}
        onClick={() => void fork(place)}
      />
      {isForking ? (
        <span role="status" className="sr-only">
          {texts.starting}
        </span>
      ) : null}
    </>
  );
}
