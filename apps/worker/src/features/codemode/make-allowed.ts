import type { ThreadId } from "@threadbox/contracts/ids";
import { Effect } from "effect";
import { SandboxFiles } from "../sandbox/index.ts";
import { applyChanges } from "./apply-changes.ts";
import type { HeldChange } from "./change-shown.ts";
import { asRefusal, ToolRefusedError } from "./errors.ts";
import { headersOf, lookAt } from "./held-requests.ts";
import { type RequestToSend, sendRequests } from "./send-requests.ts";

/** What was allowed of one program. */
export interface Allowed {
  readonly changes: readonly Pick<HeldChange, "path" | "version" | "content">[];
  readonly requests: readonly RequestToSend[];
}

const nothing = ({ message }: ToolRefusedError) =>
  new ToolRefusedError({ message: `${message} Nothing was changed, and nothing was sent.` });

/**
 * Makes what was allowed: the files first, which can be put back, then the requests, which can't. Done a second time, as after
 * the loss of who did it, it changes nothing that was changed before and sends nothing twice.
 */
export const makeAllowed = Effect.fn("makeAllowed")(function* (
  { changes, requests }: Allowed,
  owner: { readonly threadId: ThreadId; readonly requestId: string },
) {
  const hasBegunSending = requests.some(({ state }) => state !== "held");
  if (!hasBegunSending) {
    // What is not let out any more is known before a file is touched.
    for (const request of requests)
      yield* Effect.mapError(lookAt({ ...request, headers: headersOf(request) }, owner), nothing);
    if (changes.length > 0) {
      const files = yield* Effect.mapError(
        SandboxFiles.use((opened) => opened.open(owner.threadId)),
        asRefusal,
      );
      yield* applyChanges(files, changes);
    }
  }
  const afterFiles = ({ message }: ToolRefusedError) =>
    new ToolRefusedError({ message: changes.length === 0 ? message : `${message} The files were changed.` });
  yield* Effect.mapError(sendRequests(requests, owner), afterFiles);
});
