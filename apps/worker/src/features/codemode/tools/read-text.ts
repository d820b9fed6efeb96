import { Effect } from "effect";
import { openFile } from "../../files/index.ts";
import type { WorkspaceFiles } from "../../sandbox/index.ts";
import { asRefusal, ToolRefusedError } from "../errors.ts";

/** A file's text and its state; refuses what is no text, or more than an editor takes. */
export const readText = Effect.fnUntraced(function* (files: Pick<WorkspaceFiles, "read">, path: string) {
  const { content, version } = yield* Effect.mapError(openFile(files, path), asRefusal);
  if (content.kind !== "text") {
    const why = content.kind === "tooLarge" ? "too large" : "no text";
    return yield* new ToolRefusedError({ message: `${path} is ${why}.` });
  }
  return { text: content.text, version };
});
