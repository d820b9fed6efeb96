import { Effect } from "effect";
import { z } from "zod";
import { asRefusal } from "../errors.ts";
import { defineTool } from "../tool.ts";
import { folderPath } from "./workspace.ts";

export const workspaceList = defineTool({
  namespace: "workspace",
  name: "list",
  mark: "reads",
  description: "What a folder of the workspace holds: name, kind (file, directory, symlink, other) and size of each",
  input: z.object({ path: z.string().max(4_096).default("").describe("The workspace itself when empty.") }),
  run: Effect.fn("workspace.list")(function* ({ path }, caller) {
    const asked = yield* folderPath(path);
    const { files } = yield* caller.workspace;
    const entries = yield* Effect.mapError(files.list(asked), asRefusal);
    return entries.map(({ name, kind, sizeBytes }) => ({ name, kind, sizeBytes }));
  }),
});
