import { Effect } from "effect";
import { z } from "zod";
import { defineTool } from "../tool.ts";
import { readText } from "./read-text.ts";
import { entryPath, pathInput } from "./workspace.ts";

export const workspaceRead = defineTool({
  namespace: "workspace",
  name: "read",
  mark: "reads",
  description: "The text of a file of the workspace, up to 2 MiB",
  input: z.object({ path: pathInput }),
  run: Effect.fn("workspace.read")(function* ({ path }, caller) {
    const asked = yield* entryPath(path);
    const { files } = yield* caller.workspace;
    return (yield* readText(files, asked)).text;
  }),
});
