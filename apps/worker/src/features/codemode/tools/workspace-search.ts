import { type FoundFiles, fileLimits } from "@threadbox/contracts/files";
import { Effect } from "effect";
import { z } from "zod";
import { foundFiles, searchProgram } from "../../files/index.ts";
import { asRefusal } from "../errors.ts";
import { defineTool } from "../tool.ts";
import type { ViewedChange } from "../workspace-view.ts";

type Found = readonly Pick<FoundFiles["files"][number], "path" | "kind">[];

/** What a program has changed counts for its own searches. */
const withChanges = (found: Found, changes: readonly ViewedChange[], query: string): Found => {
  const wanted = query.toLowerCase();
  const hasName = (path: string) =>
    (query.includes("/") ? path : path.slice(path.lastIndexOf("/") + 1)).toLowerCase().includes(wanted);
  const gone = new Set(changes.flatMap(({ path, content }) => (content === null ? [path] : [])));
  const made = changes.filter(({ path, base, content }) => base === null && content !== null && hasName(path));
  return [...found.filter(({ path }) => !gone.has(path)), ...made.map(({ path }) => ({ path, kind: "file" as const }))]
    .sort((a, b) => a.path.length - b.path.length || (a.path < b.path ? -1 : 1))
    .slice(0, fileLimits.foundMax);
};

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
    const { files, changes } = yield* caller.workspace;
    const found = foundFiles(yield* Effect.mapError(files.exec(searchProgram(query)), asRefusal));
    return withChanges(found.files, changes(), query).map(({ path, kind }) => ({ path, kind }));
  }),
});
