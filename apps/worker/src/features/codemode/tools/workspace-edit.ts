import { Effect } from "effect";
import { z } from "zod";
import { asRefusal, ToolRefusedError } from "../errors.ts";
import { defineTool } from "../tool.ts";
import { readText } from "./read-text.ts";
import { entryPath, pathInput } from "./workspace.ts";

const refuse = (message: string) => new ToolRefusedError({ message });

export const workspaceEdit = defineTool({
  namespace: "workspace",
  name: "edit",
  mark: "writes",
  description: "Replaces a text that occurs exactly once in a file of the workspace by another",
  input: z.object({ path: pathInput, find: z.string().min(1), replace: z.string() }),
  run: Effect.fn("workspace.edit")(function* ({ path, find, replace }, caller) {
    const asked = yield* entryPath(path);
    const { files } = yield* caller.workspace;
    const { text, version } = yield* readText(files, asked);
    const at = text.indexOf(find);
    if (at < 0) return yield* refuse(`${asked} does not hold this text.`);
    if (text.indexOf(find, at + 1) >= 0) return yield* refuse(`${asked} holds this text more than once.`);
    const next = text.slice(0, at) + replace + text.slice(at + find.length);
    // Where the file has changed since it was read, nothing is written.
    yield* Effect.mapError(files.write(asked, new TextEncoder().encode(next), version), asRefusal);
    return null;
  }),
});
