import type { SentRequest } from "@threadbox/contracts/codemode";
import { codemodeLimits } from "@threadbox/contracts/codemode-limits";
import type { ThreadId } from "@threadbox/contracts/ids";
import { Effect } from "effect";
import { ToolRefusedError } from "./errors.ts";
import { inTime, leave, readText } from "./go-out.ts";
import { type Held, headersOf, lookAt } from "./held-requests.ts";

/** How far one request has come. `sending`: it may have arrived. */
export type RequestState = "held" | "sending" | "sent" | "failed";

/** One request of an approval, and where its state is kept. */
export interface RequestToSend extends Held {
  readonly state: RequestState;
  readonly keep: (state: RequestState, answer: SentRequest | null) => void;
}

const refuse = (message: string) => new ToolRefusedError({ message });

const answered = Effect.fnUntraced(function* ({ method, url }: Held, response: Response) {
  const { status } = response;
  const text = yield* Effect.catch(readText(response), ({ message }) => Effect.succeed(`[${message}]`));
  const isCut = text.length > codemodeLimits.answerCharactersMax;
  return {
    ...{ method, url, status, text: text.slice(0, codemodeLimits.answerCharactersMax) },
    ...(isCut ? { isCut } : {}),
  } satisfies SentRequest;
});

const unknown = "It isn't known whether it arrived.";

/**
 * Sends these requests one after the other, each once: where one fails, those behind it stay. One that was on its way when
 * whoever sent it was lost may have arrived, and is not sent again.
 */
export const sendRequests = Effect.fn("sendRequests")(function* (
  requests: readonly RequestToSend[],
  owner: { readonly threadId: ThreadId; readonly requestId: string },
) {
  let sent = 0;
  const fail = (request: RequestToSend, error: string) => {
    const { method, url } = request;
    request.keep("failed", { method, url, error });
    const before = sent === 0 ? "" : ` ${sent} of ${requests.length} requests were sent before it.`;
    return refuse(`${method} ${new URL(url).host}: ${error}${before}`);
  };
  for (const request of requests) {
    const { method, url, body, state } = request;
    if (state === "sending") return yield* fail(request, unknown);
    if (state === "failed") return yield* fail(request, "It was not sent.");
    if (state === "held") {
      const outgoing = { method, headers: headersOf(request), ...(body === null ? {} : { body }) };
      const looking = lookAt({ ...outgoing, url, body }, owner);
      yield* Effect.mapError(looking, ({ message }) => fail(request, `${message} It was not sent.`));
      request.keep("sending", null);
      const sending = Effect.flatMap(leave(url, outgoing, { ...owner, generation: null }), (response) =>
        answered(request, response),
      );
      const answer = yield* Effect.mapError(inTime(sending), ({ message }) => fail(request, `${message} ${unknown}`));
      request.keep("sent", answer);
    }
    sent += 1;
  }
});
