import type { StoredLogin } from "./book.ts";

/** What becomes of a login without a call of its user's that could be written down. */
export type LoginDeed = "login.connected" | "login.reconnected" | "login.ended";

/** Null: nothing that belongs in the audit. */
export const deedOf = (before: StoredLogin | null, after: StoredLogin): LoginDeed | null => {
  if (before === null) return "login.connected";
  if (after.state === "reauth") return before.state === "reauth" ? null : "login.ended";
  return after.connectedAt === before.connectedAt ? null : "login.reconnected";
};
