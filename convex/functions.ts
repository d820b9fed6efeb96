/**
 * The only importer of the raw builders: whoever declares a function chooses here who may call it. Every public
 * function is a `user…` function, which receives the verified `ctx.viewer`, an `admin…` function, which receives one who
 * is an admin, or a `service…` function of the worker.
 */
import type { Auth } from "convex/server";
import { customCtx, customMutation, customQuery } from "convex-helpers/server/customFunctions";
import { internalMutation, mutation, query } from "./_generated/server.js";
import { adminOf, requireService, viewerOf } from "./model/viewer.ts";

const identityOf = ({ auth }: { auth: Auth }) => auth.getUserIdentity();

const asViewer = customCtx(async (ctx: { auth: Auth }) => ({ viewer: viewerOf(await identityOf(ctx)) }));

const asAdmin = customCtx(async (ctx: { auth: Auth }) => ({ viewer: adminOf(await identityOf(ctx)) }));

const asService = customCtx(async (ctx: { auth: Auth }) => {
  requireService(await identityOf(ctx));
  return {};
});

export const userQuery = customQuery(query, asViewer);
export const userMutation = customMutation(mutation, asViewer);
export const adminQuery = customQuery(query, asAdmin);
export const serviceQuery = customQuery(query, asService);
export const serviceMutation = customMutation(mutation, asService);
export { internalMutation };
