import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";
import type { AdminKey } from "../auth/admin-key.ts";
import type { Identity } from "../auth/identity.ts";
import type { AuthVerifier } from "../auth/verifier.ts";
import { Fault } from "../faults.ts";
import { type CallContext, newRequestId } from "../functions/caller.ts";

export type HttpContext = Context<{ Bindings: HttpBindings }>;

/** The bearer token of a request, null without one. Throws a fault for any other scheme. */
export const bearerToken = (header: string | undefined): string | null => {
  if (header === undefined) return null;
  const match = /^bearer (.+)$/i.exec(header);
  if (match?.[1] === undefined)
    throw new Fault("Unauthenticated", "The Authorization header must begin with `Bearer `.");
  return match[1].trim();
};

/** Who makes this request. Throws a fault when it carries a token that nobody vouches for. */
export const requestIdentity = async (
  context: HttpContext,
  auth: AuthVerifier,
  admin: AdminKey,
): Promise<Identity | null> => {
  const byKey = admin.identifyHeader(context.req.header("authorization"));
  if (byKey !== null) return byKey;
  const token = bearerToken(context.req.header("authorization"));
  return token === null ? null : auth.verify(token);
};

export const callContext = (context: HttpContext, identity: Identity | null): CallContext => {
  const { remoteAddress = null, remotePort } = context.env.incoming?.socket ?? {};
  return {
    identity,
    requestId: newRequestId(),
    asker: identity?.key ?? `${remoteAddress}:${remotePort}`,
    ip: remoteAddress,
    userAgent: context.req.header("user-agent") ?? null,
    scheduledFunctionId: null,
  };
};
