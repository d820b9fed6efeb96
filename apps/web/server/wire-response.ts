import { type ErrorTag, errorTable, wireErrorBody } from "@threadbox/contracts/errors";

/** A refusal in the wire's one form. `message` is one plain sentence without internals. */
export const wireErrorResponse = (tag: ErrorTag, message: string, requestId: string): Response =>
  Response.json(wireErrorBody(tag, message, requestId), {
    status: errorTable[tag].status,
    headers: { "cache-control": "no-store" },
  });
