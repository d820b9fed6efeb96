import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
import { auditFields } from "./model/auditValidators.ts";
import { journalFields } from "./model/journalValidators.ts";
import { messageContentFields } from "./model/messageValidators.ts";
import { sandboxStateFields } from "./model/sandboxValidators.ts";
import { threadActivity } from "./model/turnValidators.ts";

export default defineSchema({
  /** Written by `users:ensure` and `users:setOpenCode` of that user; read by that user and the worker; never removed. */
  users: defineTable({
    /** `sub` of the identity provider. */
    userId: v.string(),
    name: v.string(),
    email: v.string(),
    role: v.union(v.literal("admin"), v.literal("member")),
    /** Messages stored before searches could find them are being seen to. */
    isSearchable: v.optional(v.boolean()),
    /** OpenCode's own page is turned off in all threads of this user. */
    isOpenCodeOff: v.optional(v.boolean()),
  }).index("by_userId", ["userId"]),

  /**
   * Read by the owner and the worker. The owner writes title, pin, archive, delete, read marks and what is turned off; the worker writes
   * activity, message times and, until the owner renames the thread, the title. Removed by `threads:purge`, 30 s
   * after the owner deletes it.
   */
  threads: defineTable({
    ownerId: v.string(),
    title: v.string(),
    /** The owner chose the title, so messages do not change it. */
    isTitleCustom: v.boolean(),
    isPinned: v.boolean(),
    isArchived: v.boolean(),
    /** OpenCode's own page is turned off here. */
    isOpenCodeOff: v.optional(v.boolean()),
    /** Present between delete and purge; `threads:restore` takes it away again. */
    deletedAt: v.optional(v.number()),
    activity: threadActivity,
    /** When `activity` began by the worker's clock; older reports are ignored. */
    activitySince: v.number(),
    /** Present while a turn is queued or running. */
    activeTurnId: v.optional(v.string()),
    modelLabel: v.optional(v.string()),
    /** When the thread last moved: its creation, or its newest message. Never goes back. */
    lastMessageAt: v.number(),
    /** When an answer last arrived here, and when the owner last looked: unread is the first after the second. */
    lastAnswerAt: v.optional(v.number()),
    lastReadAt: v.number(),
    /** The message at which the branch ends that is shown; absent until the worker has named one: the newest. */
    selectedLeafId: v.optional(v.string()),
    /** What the program calls it that has made it; no two threads that are not deleted are called the same. */
    sandboxId: v.optional(v.string()),
    /** Row number of the worker's outbox that was applied last. */
    outboxSequence: v.optional(v.number()),
  })
    .index("by_sandboxId_and_deletedAt", ["sandboxId", "deletedAt"])
    /** One range of it, read backwards, is a page of the list: pinned first, then the newest. */
    .index("by_ownerId_deletedAt_isArchived_isPinned_lastMessageAt", [
      "ownerId",
      "deletedAt",
      "isArchived",
      "isPinned",
      "lastMessageAt",
    ]),

  /** Settled messages of every branch: written by the worker's outbox; read by the thread's owner; removed with the thread. */
  messages: defineTable({
    threadId: v.id("threads"),
    /** The thread's owner, by which a search is confined; `messages:fillOwners` adds it to rows that are older than it. */
    ownerId: v.optional(v.string()),
    ...messageContentFields,
  })
    .index("by_threadId_and_messageId", ["threadId", "messageId"])
    .index("by_threadId_and_position", ["threadId", "position"])
    .index("by_threadId_and_parentId", ["threadId", "parentId"])
    .searchIndex("search_text", { searchField: "text", filterFields: ["ownerId"] }),

  /**
   * Where a thread branches: at least two messages that follow the same one, in the order of their making. Written with
   * the second of them, read with the messages, removed with the thread.
   */
  forks: defineTable({
    threadId: v.id("threads"),
    parentId: v.union(v.string(), v.null()),
    messageIds: v.array(v.string()),
  }).index("by_threadId_and_parentId", ["threadId", "parentId"]),

  /** At most one per thread. Written by the worker; read by the thread's owner; removed with the thread. */
  sandboxes: defineTable({ threadId: v.id("threads"), ...sandboxStateFields })
    .index("by_threadId", ["threadId"])
    .index("by_status", ["status"]),

  /**
   * What happened on a thread's computer, the newest 2,000 entries of each thread. Written by the worker; read by the
   * thread's owner; removed with the thread.
   */
  journal: defineTable(journalFields)
    .index("by_threadId_and_entryId", ["threadId", "entryId"])
    .index("by_threadId_and_ordinal", ["threadId", "ordinal"])
    .index("by_threadId_and_at", ["threadId", "at"])
    .index("by_threadId_and_kind_and_at", ["threadId", "kind", "at"]),

  /**
   * Append only, but for counts that grow. The worker writes what it let in and refused, these functions write deeds and
   * sandbox states with the change itself; read by the user whose name a row bears, and by operators. Kept when the
   * thread it speaks of is gone; removed by later appends after 90 days.
   */
  audit: defineTable(auditFields)
    .index("by_auditId", ["auditId"])
    .index("by_actorId_and_at", ["actorId", "at"])
    .index("by_threadId_and_at", ["threadId", "at"]),
});
