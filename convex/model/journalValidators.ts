import { v } from "convex/values";

/** `JournalRow`. */
export const journalRowFields = {
  entryId: v.string(),
  /** A word of the writer's and the page's, as the detail is: this side reads neither. */
  kind: v.string(),
  /** Milliseconds since 1970, by the writer's clock. */
  at: v.number(),
  /** When it ended, or last happened. */
  until: v.optional(v.number()),
  count: v.optional(v.number()),
  /** Grows with every change of the entry. */
  revision: v.number(),
  subject: v.string(),
  /** JSON. */
  detail: v.string(),
};

/** What the owner sees of an entry. */
export const journalView = v.object(journalRowFields);

/** What is kept of an entry. */
export const journalFields = {
  threadId: v.id("threads"),
  ...journalRowFields,
  /** How many entries the thread had before. */
  ordinal: v.number(),
};
