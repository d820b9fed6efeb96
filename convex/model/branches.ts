import type { PaginationOptions } from "convex/server";
import type { Infer } from "convex/values";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../_generated/server.js";
import type { messageView } from "./messageValidators.ts";

type Read = Pick<QueryCtx, "db">;
type ThreadId = Id<"threads">;
type Message = Doc<"messages">;

/** A message may be near 1 MiB and a transaction reads no more than 16 MiB, so pages are bounded in bytes too. */
const pageMessagesMax = 100;
const pageBytesMax = 4 * 1024 * 1024;

export const findMessage = ({ db }: Read, threadId: ThreadId, messageId: string): Promise<Message | null> =>
  db
    .query("messages")
    .withIndex("by_threadId_and_messageId", (range) => range.eq("threadId", threadId).eq("messageId", messageId))
    .unique();

const messageAt = ({ db }: Read, threadId: ThreadId, position: number): Promise<Message | null> =>
  db
    .query("messages")
    .withIndex("by_threadId_and_position", (range) => range.eq("threadId", threadId).eq("position", position))
    .unique();

/** What the message follows. One that was kept before threads had branches follows the one made before it. */
const parentOf = async (ctx: Read, { threadId, parentId, position }: Message): Promise<Message | null> => {
  if (parentId === null) return null;
  return parentId === undefined
    ? await messageAt(ctx, threadId, position - 1)
    : await findMessage(ctx, threadId, parentId);
};

/** The end of the branch that is shown: the one that was selected, or the newest message where none ever was. */
const leafOf = async (ctx: Read, { _id, selectedLeafId }: Doc<"threads">): Promise<Message | null> =>
  selectedLeafId === undefined
    ? await ctx.db
        .query("messages")
        .withIndex("by_threadId_and_position", (range) => range.eq("threadId", _id))
        .order("desc")
        .first()
    : await findMessage(ctx, _id, selectedLeafId);

const findFork = ({ db }: Read, threadId: ThreadId, parentId: string | null): Promise<Doc<"forks"> | null> =>
  db
    .query("forks")
    .withIndex("by_threadId_and_parentId", (range) => range.eq("threadId", threadId).eq("parentId", parentId))
    .unique();

const viewOf = async (ctx: Read, message: Message, parent: Message | null): Promise<Infer<typeof messageView>> => {
  const fork = await findFork(ctx, message.threadId, parent?.messageId ?? null);
  const { _id, _creationTime, threadId, parentId, ownerId, ...content } = message;
  return {
    ...content,
    parentId: parent?.messageId ?? null,
    ...(fork === null ? {} : { siblingIds: fork.messageIds }),
  };
};

/** One page of the thread's selected branch, newest first. A cursor is the id of the message that comes next. */
export const pageOfBranch = async (ctx: Read, thread: Doc<"threads">, { numItems, cursor }: PaginationOptions) => {
  const page: Infer<typeof messageView>[] = [];
  const countMax = Math.min(numItems, pageMessagesMax);
  let bytes = 0;
  let next = cursor === null ? await leafOf(ctx, thread) : await findMessage(ctx, thread._id, cursor);
  while (next !== null && page.length < countMax && bytes < pageBytesMax) {
    const parent = await parentOf(ctx, next);
    page.push(await viewOf(ctx, next, parent));
    bytes += next.parts.length + next.text.length;
    next = parent;
  }
  return { page, isDone: next === null, continueCursor: next?.messageId ?? "" };
};

/** Another message with the same parent, where there is one. */
const findSibling = async (ctx: Read, message: Message & { parentId: string | null }): Promise<Message | null> => {
  const { threadId, parentId, messageId } = message;
  const parent = parentId === null ? null : await findMessage(ctx, threadId, parentId);
  const next = await messageAt(ctx, threadId, parent === null ? 0 : parent.position + 1);
  if (next?.parentId === undefined && next !== null && next.messageId !== messageId) return next;
  const children = await ctx.db
    .query("messages")
    .withIndex("by_threadId_and_parentId", (range) => range.eq("threadId", threadId).eq("parentId", parentId))
    .take(2);
  return children.find((child) => child.messageId !== messageId) ?? null;
};

/** Remembers where the thread branches, once a second message follows the same one. */
export const noteFork = async (ctx: Pick<MutationCtx, "db">, message: Message): Promise<void> => {
  const { threadId, parentId, messageId } = message;
  if (parentId === undefined) return;
  const fork = await findFork(ctx, threadId, parentId);
  if (fork !== null) {
    if (!fork.messageIds.includes(messageId))
      await ctx.db.patch(fork._id, { messageIds: [...fork.messageIds, messageId] });
    return;
  }
  const sibling = await findSibling(ctx, { ...message, parentId });
  if (sibling !== null)
    await ctx.db.insert("forks", { threadId, parentId, messageIds: [sibling.messageId, messageId] });
};
