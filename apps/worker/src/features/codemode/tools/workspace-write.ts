import { codemodeLimits } from "@threadbox/contracts/codemode-limits";
import { Effect } from "effect";
import { z } from "zod";
import { asRefusal } from "../errors.ts";
import { defineTool } from "../tool.ts";
import { entryPath, pathInput } from "./workspace.ts";

export const workspaceWrite = defineTool({
  namespace: "workspace",
  name: "write",
  mark: "writes",
  description: "Writes a file of the workspace, in place of what is there",
  input: z.object({ path: pathInput, content: z.string().max(codemodeLimits.outputBytesMax) }),
  run: Effect.fn("workspace.write")(function* ({ path, content }, caller) {
    const asked = yield* entryPath(path);
    const { files } = yield* caller.workspace;
    yield* Effect.mapError(files.write(asked, new TextEncoder().encode(content)), asRefusal);
    return null;
  }),
});
