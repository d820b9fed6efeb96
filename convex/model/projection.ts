import { projectedPartsBytesMax } from "@threadbox/contracts/limits";
import { compareValues, type ObjectType, v } from "convex/values";
import type { Doc } from "../_generated/dataModel.js";
import type { MutationCtx } from "../_generated/server.js";
import { findMessage, noteFork } from "./branches.ts";
import { refusal } from "./errors.ts";
import { projectedMessageFields } from "./messageValidators.ts";
import { applied, isRepeat } from "./outbox.ts";
import { findThread } from "./threads.ts";
import { derivedTitle } from "./titles.ts";

/** `ProjectedMessage`, and optionally the row number of the worker's outbox. */
export const projectionFields = { ...projectedMessageFields, sequence: v.optional(v.number()) };
type Projection = ObjectType<typeof projectionFields>;

const requireStorable = ({ position, parts }: Projection): void => {
  if (!Number.isSafeInteger(position) || position < 0)
    throw refusal("ValidationError", "A message's position is a whole number from 0.");
  if (new TextEncoder().encode(parts).length > projectedPartsBytesMax)
    throw refusal("BodyTooLarge", "The message is too large to be kept.");
};

/** What the thread itself learns from a message of it. */
export const threadAfter = (thread: Doc<"threads">, message: Projection, now: number) => {
  const isFirst = message.parentId === undefined ? message.position === 0 : message.parentId === null;
  const isOpening = message.role === "user" && (thread.title === "" || isFirst);
  return {
    lastMessageAt: Math.max(thread.lastMessageAt, Math.min(message.createdAt, now)),
    ...(message.role === "assistant" ? { lastAnswerAt: now } : {}),
    ...(isOpening && !thread.isTitleCustom ? { title: derivedTitle(message.text) } : {}),
    ...shown(message),
    ...applied(message.sequence),
  };
};

/** A message that comes is at the end of the branch that is shown. */
const shown = ({ parentId, messageId }: Projection) => (parentId === undefined ? {} : { selectedLeafId: messageId });

const isSame = (stored: Doc<"messages">, message: Projection): boolean =>
  stored.role === message.role &&
  stored.position === message.position &&
  stored.parentId === message.parentId &&
  stored.parts === message.parts &&
  stored.text === message.text &&
  stored.createdAt === message.createdAt &&
  compareValues(stored.metadata, message.metadata) === 0;

/**
 * Stores the message under its id and answers whether that changed anything. An older edition of it gives way, and so
 * does whatever else held its position.
 */
const storeMessage = async (
  ctx: MutationCtx,
  { _id: threadId, ownerId }: Doc<"threads">,
  message: Projection,
): Promise<boolean> => {
  const { db } = ctx;
  const existing = await findMessage(ctx, threadId, message.messageId);
  if (existing !== null && isSame(existing, message)) return false;
  if (existing !== null) await db.delete(existing._id);
  const displaced = await db
    .query("messages")
    .withIndex("by_threadId_and_position", (range) => range.eq("threadId", threadId).eq("position", message.position))
    .unique();
  if (displaced !== null) await db.delete(displaced._id);
  const { sequence, threadId: _, ...content } = message;
  const stored = await db.get(await db.insert("messages", { threadId, ownerId, ...content }));
  if (stored !== null) await noteFork(ctx, stored);
  return true;
};

/** Answers whether anything was new: a repeat changes nothing, and neither does a message of a purged thread. */
export const projectMessage = async (ctx: MutationCtx, message: Projection, now: number): Promise<boolean> => {
  requireStorable(message);
  const thread = await findThread(ctx, message.threadId);
  if (thread === null || isRepeat(thread, message.sequence)) return false;
  const isChanged = await storeMessage(ctx, thread, message);
  await ctx.db.patch(
    thread._id,
    isChanged ? threadAfter(thread, message, now) : { ...shown(message), ...applied(message.sequence) },
  );
  return isChanged;
};
