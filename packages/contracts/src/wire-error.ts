import { Schema } from "effect";
import { isErrorTag } from "./errors.ts";

const Tag = Schema.declare(isErrorTag, { title: "ErrorTag" });

/** Decodes an error body that arrives from another machine of ours. */
export const WireErrorBody = Schema.Struct({
  error: Schema.Struct({
    _tag: Tag,
    message: Schema.String,
    requestId: Schema.String,
    retryable: Schema.Boolean,
  }),
});
