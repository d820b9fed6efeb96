import { randomBytes } from "node:crypto";
import type { Identity } from "../auth/identity.ts";

/** On whose behalf, and by which request, a function runs; functions that it calls inherit it. */
export interface CallContext {
  readonly identity: Identity | null;
  readonly requestId: string;
  /** Who waits for a turn where many do: a user, or the connection of somebody unknown. */
  readonly asker: string;
  readonly ip: string | null;
  readonly userAgent: string | null;
  /** Set when the scheduler started the outermost function. */
  readonly scheduledFunctionId: string | null;
}

/** What a call from outside may reach. */
export const callerOf = (identity: Identity | null): "client" | "admin" => (identity?.isAdmin ? "admin" : "client");

export const newRequestId = (): string => randomBytes(8).toString("hex");

/** A call that no client made. */
export const internalContext = (scheduledFunctionId: string | null = null): CallContext => ({
  identity: null,
  requestId: newRequestId(),
  asker: "server",
  ip: null,
  userAgent: null,
  scheduledFunctionId,
});
