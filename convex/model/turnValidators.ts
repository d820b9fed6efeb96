import { v } from "convex/values";

/** Mirrors of the contracts' schemas as Convex validators; `validators.test.ts` holds the two together. */
export const turnState = v.union(
  v.literal("queued"),
  v.literal("running"),
  v.literal("settled"),
  v.literal("failed"),
  v.literal("interrupted"),
);

/** `ThreadActivity`. */
export const threadActivity = v.union(v.literal("idle"), v.literal("waiting"), ...turnState.members);

/** `TurnMetadata`. */
export const turnMetadata = v.object({
  turnId: v.string(),
  state: turnState,
  model: v.optional(
    v.object({
      provider: v.union(
        v.literal("demo"),
        v.literal("openai-compatible"),
        v.literal("chatgpt"),
        v.literal("own-openai"),
        v.literal("own-anthropic"),
        v.literal("own-compatible"),
      ),
      id: v.string(),
      label: v.string(),
    }),
  ),
  startedAt: v.optional(v.number()),
  endedAt: v.optional(v.number()),
  error: v.optional(v.object({ _tag: v.string(), message: v.string(), retryable: v.boolean() })),
  tokens: v.optional(v.number()),
});
