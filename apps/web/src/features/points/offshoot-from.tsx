import { IconButton } from "@threadbox/ui/button";
import { GitFork, LoaderCircle } from "lucide-react";
import { useOnline } from "../../lib/use-online.ts";
import { offshootTexts as texts } from "./texts.ts";
import { type OffshootPlace, useOffshoot } from "./use-offshoot.ts";

export interface OffshootFromProps {
  readonly threadId: string;
  readonly place: OffshootPlace;
  readonly label: string;
}

/** Starts a new thread that goes on from a moment of this one, which stays as it is. */
export function OffshootFrom({ threadId, place, label }: OffshootFromProps) {
  const { isBeginning, beginOffshoot } = useOffshoot(threadId);
  const isOnline = useOnline();
  return (
    <>
      <IconButton
        label={label}
        icon={isBeginning ? <LoaderCircle className="animate-turn" /> : <GitFork />}
        size="sm"
        disabled={isBeginning || !isOnline}
        onClick={() => void beginOffshoot(place)}
      />
      {isBeginning ? (
        <span role="status" className="sr-only">
          {texts.starting}
        </span>
      ) : null}
    </>
  );
}
