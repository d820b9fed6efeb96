import { type Infer, v } from "convex/values";
import type { QueryCtx } from "../_generated/server.js";
import { searchAll } from "./messageSearch.ts";
import { threadAccess } from "./threads.ts";

const shownMax = 20;

/** What a program of one thread is told of its owner's other ones. */
export const besideResults = v.object({
  threads: v.array(v.object({ threadId: v.id("threads"), title: v.string(), isArchived: v.boolean() })),
  messages: v.array(
    v.object({
      threadId: v.id("threads"),
      title: v.string(),
      role: v.union(v.literal("user"), v.literal("assistant")),
      /** The part around the match. */
      text: v.string(),
      createdAt: v.number(),
    }),
  ),
  isPartial: v.boolean(),
});

/** Titles and messages of whoever owns that thread; nothing for a thread that is missing or deleted. */
export const searchBeside = async (
  ctx: Pick<QueryCtx, "db">,
  threadId: string,
  text: string,
): Promise<Infer<typeof besideResults>> => {
  const known = await threadAccess(ctx, threadId, undefined);
  if (known === null) return { threads: [], messages: [], isPartial: false };
  const found = await searchAll(ctx, known.ownerId, text);
  return {
    threads: found.threads
      .slice(0, shownMax)
      .map(({ threadId: id, title, isArchived }) => ({ threadId: id, title, isArchived })),
    messages: found.messages.slice(0, shownMax).map(({ threadId: id, title, role, snippet, createdAt }) => ({
      threadId: id,
      title,
      role,
      text: snippet.text,
      createdAt,
    })),
    isPartial: found.isPartial || found.threads.length > shownMax || found.messages.length > shownMax,
  };
};
