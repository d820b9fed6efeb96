import { type Infer, v } from "convex/values";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { QueryCtx } from "../_generated/server.js";
import { snippetFields, snippetOf, wordsOf } from "./snippet.ts";
import { searchThreads } from "./threadSearch.ts";
import { threadView } from "./threadViews.ts";

/** One message whose text matches. Times are milliseconds since 1970. */
export const messageHit = v.object({
  threadId: v.id("threads"),
  /** The thread's title. */
  title: v.string(),
  isArchived: v.boolean(),
  messageId: v.string(),
  role: v.union(v.literal("user"), v.literal("assistant")),
  snippet: v.object(snippetFields),
  createdAt: v.number(),
});
type MessageHit = Infer<typeof messageHit>;

export const searchResults = v.object({
  /** Threads whose title holds every word, in the order of the list. */
  threads: v.array(threadView),
  /** Messages that hold a word, the best match first. */
  messages: v.array(messageHit),
  /** There may be more than is shown. */
  isPartial: v.boolean(),
});

const queryLengthMax = 200;
const hitsMax = 50;
/** A message may be near 1 MiB and a transaction reads no more than 16 MiB: UTF-16 units that are read at most. */
const readMax = 4 * 1024 * 1024;

/** The owner's thread, null for one that is gone or on its way. */
const shownThread = async (
  { db }: Pick<QueryCtx, "db">,
  threadId: Id<"threads">,
  ownerId: string,
): Promise<Doc<"threads"> | null> => {
  const thread = await db.get(threadId);
  return thread === null || thread.ownerId !== ownerId || thread.deletedAt !== undefined ? null : thread;
};

const searchMessages = async (
  ctx: Pick<QueryCtx, "db">,
  ownerId: string,
  text: string,
): Promise<{ messages: MessageHit[]; isPartial: boolean }> => {
  const query = wordsOf(text);
  const messages: MessageHit[] = [];
  if (query.length === 0) return { messages, isPartial: false };
  const threads = new Map<Id<"threads">, Doc<"threads"> | null>();
  let read = 0;
  const found = ctx.db
    .query("messages")
    .withSearchIndex("search_text", (search) => search.search("text", text).eq("ownerId", ownerId));
  // One by one: how many fit is known only when they are read.
  for await (const { threadId, messageId, role, text: body, createdAt, parts } of found) {
    read += body.length + parts.length;
    if (messages.length === hitsMax || read > readMax) return { messages, isPartial: true };
    const known = threads.get(threadId);
    const thread = known === undefined ? await shownThread(ctx, threadId, ownerId) : known;
    threads.set(threadId, thread);
    if (thread === null) continue;
    const { title, isArchived } = thread;
    messages.push({ threadId, title, isArchived, messageId, role, snippet: snippetOf(body, query), createdAt });
  }
  return { messages, isPartial: false };
};

/** Titles and texts of the owner's threads, archived ones too, deleted ones not. */
export const searchAll = async (
  ctx: Pick<QueryCtx, "db">,
  ownerId: string,
  text: string,
): Promise<Infer<typeof searchResults>> => {
  const query = text.slice(0, queryLengthMax);
  const titles = await searchThreads(ctx, ownerId, query);
  const texts = await searchMessages(ctx, ownerId, query);
  return {
    threads: titles.threads,
    messages: texts.messages,
    isPartial: titles.isPartial || texts.isPartial,
  };
};
