import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";

export default defineSchema({
  notes: defineTable({ thread: v.string(), body: v.string(), order: v.number() }).index("by_thread", [
    "thread",
    "order",
  ]),
});
