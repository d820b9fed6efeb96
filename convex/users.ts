import { v } from "convex/values";
import { adminQuery, userMutation, userQuery } from "./functions.ts";
import {
  setOpenCode as applyOpenCode,
  ensureUser,
  findNamed,
  findUser,
  namedUser,
  toUserView,
  userView,
} from "./model/users.ts";

export const ensure = userMutation({
  args: { name: v.string(), email: v.string() },
  returns: userView,
  handler: (ctx, person) => ensureUser(ctx, ctx.viewer, person, Date.now()),
});

/** Turns OpenCode's own page on or off in all threads of the viewer. */
export const setOpenCode = userMutation({
  args: { isOn: v.boolean() },
  returns: v.null(),
  handler: async (ctx, { isOn }) => {
    await applyOpenCode(ctx, ctx.viewer, isOn, Date.now());
    return null;
  },
});

/** Names and addresses of those of them who have been here, for an admin's lists. */
export const named = adminQuery({
  args: { userIds: v.array(v.string()) },
  returns: v.array(namedUser),
  handler: (ctx, { userIds }) => findNamed(ctx, userIds),
});

/** Null until `ensure` has run once. */
export const me = userQuery({
  args: {},
  returns: v.union(userView, v.null()),
  handler: async (ctx) => {
    const user = await findUser(ctx, ctx.viewer.userId);
    return user === null ? null : toUserView(user);
  },
});
