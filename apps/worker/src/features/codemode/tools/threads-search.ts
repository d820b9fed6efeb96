import { Effect } from "effect";
import { z } from "zod";
import { ConvexClient } from "../../../platform/convex-client.ts";
import { asRefusal } from "../errors.ts";
import { defineTool } from "../tool.ts";

export const threadsSearch = defineTool({
  namespace: "threads",
  name: "search",
  mark: "reads",
  description:
    "Searches titles and messages of the threads of this thread's owner: { threads: [{ threadId, title, isArchived }], messages: [{ threadId, title, role, text, createdAt }], isPartial }, the best first, 20 of each at most",
  input: z.object({ query: z.string().min(1).max(200) }),
  run: Effect.fn("threads.search")(function* ({ query: text }, { threadId }) {
    const convex = yield* ConvexClient;
    const found = yield* Effect.mapError(convex.query("threads:searchBeside", { threadId, text }), asRefusal);
    return { ...found };
  }),
});
