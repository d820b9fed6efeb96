import type { LoginView } from "@threadbox/contracts/logins";

type Standing = Pick<LoginView, "state" | "connectedAt">;

/** What becomes of a login without a call of its user's that could be written down. */
export type LoginDeed = "login.connected" | "login.reconnected" | "login.ended";

/** Null: nothing that belongs in the audit. */
export const deedOf = (before: Standing | null, after: Standing): LoginDeed | null => {
  if (before === null) return "login.connected";
  if (after.state === "reauth") return before.state === "reauth" ? null : "login.ended";
  return after.connectedAt === before.connectedAt ? null : "login.reconnected";
};
