/** What the clients of the bench read of the embedded Convex: single documents, and lists by an index. */
import { mutationGeneric, queryGeneric } from "convex/server";
import { v } from "convex/values";

/** Adds `count` notes from `order` on, and returns the id of the first. */
export const fill = mutationGeneric({
  args: { thread: v.string(), order: v.number(), count: v.number() },
  handler: async (ctx, { thread, order, count }): Promise<string | null> => {
    let first: string | null = null;
    for (let added = 0; added < count; added += 1) {
      const id: string = await ctx.db.insert("notes", { thread, body: "x".repeat(200), order: order + added });
      first ??= id;
    }
    return first;
  },
});

export const one = queryGeneric({
  args: { id: v.id("notes") },
  handler: async (ctx, { id }): Promise<unknown> => ctx.db.get(id),
});

/** Adds one note behind the newest of its thread, which is found by an index. */
export const add = mutationGeneric({
  args: { thread: v.string() },
  handler: async (ctx, { thread }): Promise<null> => {
    const last = await ctx.db
      .query("notes")
      .withIndex("by_thread", (q) => q.eq("thread", thread))
      .order("desc")
      .first();
    await ctx.db.insert("notes", { thread, body: "x".repeat(200), order: (last?.order ?? -1) + 1 });
    return null;
  },
});

/** The twenty newest, by an index. */
export const page = queryGeneric({
  args: { thread: v.string() },
  handler: async (ctx, { thread }): Promise<unknown[]> =>
    ctx.db
      .query("notes")
      .withIndex("by_thread", (q) => q.eq("thread", thread))
      .order("desc")
      .take(20),
});

/** The newest, by an index. */
export const newest = queryGeneric({
  args: { thread: v.string() },
  handler: async (ctx, { thread }): Promise<number> => {
    const found = await ctx.db
      .query("notes")
      .withIndex("by_thread", (q) => q.eq("thread", thread))
      .order("desc")
      .first();
    return found?.order ?? -1;
  },
});
