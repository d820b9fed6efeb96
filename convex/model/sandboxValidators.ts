import { v } from "convex/values";

/** `SandboxProjection` without its thread. */
export const sandboxStateFields = {
  status: v.union(
    v.literal("none"),
    v.literal("starting"),
    v.literal("ready"),
    v.literal("busy"),
    v.literal("napping"),
    v.literal("asleep"),
    v.literal("failed"),
    v.literal("destroyed"),
  ),
  provider: v.union(v.literal("cloudflare"), v.literal("docker"), v.literal("local")),
  generation: v.number(),
  /** One plain sentence for the page. */
  reason: v.string(),
  since: v.number(),
  canStartEmpty: v.optional(v.boolean()),
  /** `SaveState`. */
  saves: v.optional(
    v.object({
      revision: v.number(),
      savedAt: v.optional(v.number()),
      warning: v.optional(v.string()),
      isDiskFull: v.optional(v.boolean()),
      savingSince: v.optional(v.number()),
      problem: v.optional(v.string()),
    }),
  ),
};

/** `SandboxProjection`. */
export const sandboxProjectionFields = { threadId: v.string(), ...sandboxStateFields };

/** A sandbox that runs, and whose it is: `owner` is null where they never opened the page. */
export const ownedSandboxView = v.object({
  ...sandboxProjectionFields,
  owner: v.union(v.object({ name: v.string(), email: v.string() }), v.null()),
});
