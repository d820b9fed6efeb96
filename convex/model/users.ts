import { type Infer, v } from "convex/values";
import { internal } from "../_generated/api.js";
import type { Doc } from "../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../_generated/server.js";
import { auditDeed } from "./audit.ts";
import { refusal } from "./errors.ts";
import type { Viewer } from "./viewer.ts";

export const userView = v.object({
  userId: v.string(),
  name: v.string(),
  email: v.string(),
  role: v.union(v.literal("admin"), v.literal("member")),
  /** Present where OpenCode's own page is turned off in all threads. */
  isOpenCodeOff: v.optional(v.boolean()),
});

/** How a switch that is on unless somebody turned it off is stored. */
export const offUnless = (isOn: boolean): { isOpenCodeOff: true | undefined } => ({
  isOpenCodeOff: isOn ? undefined : true,
});

const fieldLengthMax = 320;

export const findUser = ({ db }: Pick<QueryCtx, "db">, userId: string): Promise<Doc<"users"> | null> =>
  db
    .query("users")
    .withIndex("by_userId", (range) => range.eq("userId", userId))
    .unique();

export const toUserView = ({ userId, name, email, role, isOpenCodeOff }: Doc<"users">): Infer<typeof userView> => ({
  userId,
  name,
  email,
  role,
  ...(isOpenCodeOff === true ? { isOpenCodeOff } : {}),
});

export const namedUser = v.object({ userId: v.string(), name: v.string(), email: v.string() });

/** As many as an admin's list has rows. */
const namedMax = 500;

/** Names and addresses, each user's once; of nobody who has never been here. */
export const findNamed = async (
  ctx: Pick<QueryCtx, "db">,
  userIds: readonly string[],
): Promise<Infer<typeof namedUser>[]> => {
  if (userIds.length > namedMax) throw refusal("ValidationError", `Up to ${namedMax} users are named at once.`);
  const found = await Promise.all([...new Set(userIds)].map((userId) => findUser(ctx, userId)));
  return found.flatMap((user) => (user === null ? [] : { userId: user.userId, name: user.name, email: user.email }));
};

/**
 * The viewer's row, made or brought up to date. Name and e-mail are what the browser says of itself: they are shown to
 * that user and decide nothing. The role is what the access token says.
 */
export const ensureUser = async (
  ctx: Pick<MutationCtx, "db" | "scheduler">,
  viewer: Viewer,
  { name, email }: { name: string; email: string },
  now: number,
): Promise<Infer<typeof userView>> => {
  if (name.length > fieldLengthMax || email.length > fieldLengthMax)
    throw refusal("ValidationError", `Names and addresses can have up to ${fieldLengthMax} characters.`);
  const user = { userId: viewer.userId, name, email, role: viewer.role };
  const known = await findUser(ctx, viewer.userId);
  const actorId = viewer.userId;
  if (known === null) await auditDeed(ctx, { action: "user.joined", actorId }, now);
  else if (known.role !== viewer.role)
    await auditDeed(ctx, { action: "user.role_changed", actorId, reason: `The role is now ${viewer.role}.` }, now);
  const kept = known?.isOpenCodeOff === true ? { isOpenCodeOff: true } : {};
  const row = { ...user, ...kept, isSearchable: true };
  if (known === null) await ctx.db.insert("users", row);
  else if (known.name !== name || known.email !== email || known.role !== viewer.role || known.isSearchable !== true)
    await ctx.db.replace(known._id, row);
  if (known !== null && known.isSearchable !== true)
    await ctx.scheduler.runAfter(0, internal.messages.fillOwners, { cursor: null });
  return { ...user, ...kept };
};

/** Turns OpenCode's own page on or off in all the viewer's threads; makes the viewer's row where there is none. */
export const setOpenCode = async (
  ctx: Pick<MutationCtx, "db" | "scheduler">,
  viewer: Viewer,
  isOn: boolean,
  now: number,
): Promise<void> => {
  if ((await findUser(ctx, viewer.userId)) === null) await ensureUser(ctx, viewer, { name: "", email: "" }, now);
  const user = await findUser(ctx, viewer.userId);
  if (user !== null) await ctx.db.patch(user._id, offUnless(isOn));
};
