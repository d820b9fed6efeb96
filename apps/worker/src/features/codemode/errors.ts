import { LackingPart } from "@threadbox/contracts/codemode";
import type { ErrorTag } from "@threadbox/contracts/errors";
import { Schema } from "effect";
import { refuser } from "../../http/failure.ts";
import { VersionConflictError } from "../sandbox/index.ts";

/** A tool does not do what a program asks. `message`: one sentence for the program, without internals. */
export class ToolRefusedError extends Schema.TaggedError<ToolRefusedError>()("ToolRefusedError", {
  message: Schema.String,
  lacks: Schema.optionalKey(LackingPart),
}) {}

/** Every error of a lower slice has a sentence that a person may read. */
export const asRefusal = ({ message }: { readonly message: string }) => new ToolRefusedError({ message });

export const conflict = () => new VersionConflictError({ reason: "The file has changed since it was read." });

/** The thread's approvals can't be asked for, or there is none of that name. */
export const approvalRefused = refuser({
  NotFound: "This isn't asked any more.",
  QuotaExceeded: "That run isn't known any more, or as many programs are saved as may be.",
  UpstreamError: "What programs ask can't be read right now. Try again.",
} satisfies Partial<Record<ErrorTag, string>>);
