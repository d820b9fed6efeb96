/** What the clients of the bench ask of the embedded Convex: a small write, its reader, and a query that computes. */
import { mutationGeneric, queryGeneric } from "convex/server";
import { v } from "convex/values";

export const count = mutationGeneric({
  args: { name: v.string() },
  handler: async (ctx, { name }): Promise<number> => {
    const counter = await ctx.db
      .query("counters")
      .withIndex("by_name", (q) => q.eq("name", name))
      .unique();
    const value = (counter?.value ?? 0) + 1;
    if (counter === null) await ctx.db.insert("counters", { name, value });
    else await ctx.db.patch(counter._id, { value });
    return value;
  },
});

export const counted = queryGeneric({
  args: { name: v.string() },
  handler: async (ctx, { name }): Promise<number> => {
    const counter = await ctx.db
      .query("counters")
      .withIndex("by_name", (q) => q.eq("name", name))
      .unique();
    return counter?.value ?? 0;
  },
});

/** Computes for about so long. */
export const compute = queryGeneric({
  args: { ms: v.number() },
  handler: async (_ctx, { ms }): Promise<number> => {
    const until = performance.now() + ms;
    let turns = 0;
    while (performance.now() < until) turns += 1;
    return turns;
  },
});
