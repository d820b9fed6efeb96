import type { ThreadId } from "@threadbox/contracts/ids";
import { Effect } from "effect";
import { logDefect } from "../../platform/log.ts";
import { SandboxFiles } from "../sandbox/index.ts";
import type { ApprovalStanding } from "./approval-book.ts";
import { asRefusal } from "./errors.ts";
import { type Undoable, undoChanges } from "./undo-changes.ts";

const stays = (words: string): ApprovalStanding => ({ state: "applied", words });
const notKept = "What these files were before isn't kept any more. History has the files of that time.";

/** How an approval stands once its changes were undone; where they could not be it stays as it is, and says why. */
export const undone = (threadId: ThreadId, changes: readonly Undoable[]) =>
  changes.length === 0
    ? Effect.succeed(stays(notKept))
    : Effect.mapError(
        SandboxFiles.use((files) => files.open(threadId)),
        asRefusal,
      ).pipe(
        Effect.flatMap((files) => undoChanges(files, changes)),
        Effect.match({
          onSuccess: (): ApprovalStanding => ({ state: "undone", words: null }),
          onFailure: ({ message }) => stays(message),
        }),
        Effect.catchDefect((cause) => {
          logDefect("codemode.undo.crashed", cause, { threadId });
          return Effect.succeed(stays("Something went wrong on our side. Nothing was undone."));
        }),
      );
