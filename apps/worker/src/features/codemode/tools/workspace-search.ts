import { fileLimits } from "@threadbox/contracts/files";
import { Effect } from "effect";
import { z } from "zod";
import { foundFiles, searchProgram } from "../../files/index.ts";
import { asRefusal } from "../errors.ts";
import { defineTool } from "../tool.ts";

export const workspaceSearch = defineTool({
  namespace: "workspace",
  name: "search",
  mark: "reads",
  description: "Paths in the workspace whose name has that text in it, whatever its case; shortest first, 200 at most",
  input: z.object({
    query: z
      .string()
      .min(1)
      .max(fileLimits.queryLengthMax)
      .refine((text) => !text.includes("\0")),
  }),
  run: Effect.fn("workspace.search")(function* ({ query }, caller) {
    const files = yield* caller.files;
    const found = foundFiles(yield* Effect.mapError(files.exec(searchProgram(query)), asRefusal));
    return found.files.map(({ path, kind }) => ({ path, kind }));
  }),
});
