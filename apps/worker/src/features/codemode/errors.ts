import { Schema } from "effect";

/** A tool does not do what a program asks. `message`: one sentence for the program, without internals. */
export class ToolRefusedError extends Schema.TaggedError<ToolRefusedError>()("ToolRefusedError", {
  message: Schema.String,
}) {}

/** Every error of a lower slice has a sentence that a person may read. */
export const asRefusal = ({ message }: { readonly message: string }) => new ToolRefusedError({ message });
