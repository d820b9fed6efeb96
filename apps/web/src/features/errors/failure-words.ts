import type { ErrorTag } from "@threadbox/contracts/errors";
import type { WireFailure } from "./wire-failure.ts";

export interface FailureWords {
  /** Of these the server's own sentence is the one to read. */
  readonly saidByServer: ReadonlySet<ErrorTag>;
  readonly own: Readonly<Partial<Record<ErrorTag, string>>>;
  /** For what nobody foresaw. */
  readonly other: string;
  /** What support looks such a failure up by, as a sentence. */
  readonly reference: (reference: string) => string;
}

/** What a person reads of a failure, in the words of one part of the page. */
export const failureWords =
  ({ saidByServer, own, other, reference }: FailureWords) =>
  ({ tag, message, requestId }: WireFailure): string => {
    if (saidByServer.has(tag) && message !== "") return message;
    return own[tag] ?? (requestId === undefined ? other : `${other} ${reference(requestId.slice(0, 8))}`);
  };
