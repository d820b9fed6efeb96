import { serviceToken } from "@threadbox/contracts/service-token";
import type { UserIdentity } from "convex/server";
import { refusal } from "./errors.ts";

/** Whoever makes this request, as verified from the access token. */
export interface Viewer {
  /** `sub` of the identity provider. */
  readonly userId: string;
  readonly role: "admin" | "member";
}

const signedIn = (identity: UserIdentity | null): UserIdentity => {
  if (identity === null) throw refusal("TokenMissing", "Sign in to continue.");
  return identity;
};

/** A person. A service token is refused, so that a machine can never act as somebody. */
export const viewerOf = (identity: UserIdentity | null): Viewer => {
  const { issuer, subject, role } = signedIn(identity);
  if (issuer === serviceToken.issuer) throw refusal("Forbidden", "This function is for people.");
  return { userId: subject, role: role === "admin" ? "admin" : "member" };
};

/** A person whom the identity provider calls an admin. */
export const adminOf = (identity: UserIdentity | null): Viewer => {
  const viewer = viewerOf(identity);
  if (viewer.role !== "admin") throw refusal("Forbidden", "Only an admin may do this.");
  return viewer;
};

/** The worker. Whatever role a person has, their token is refused here. */
export const requireService = (identity: UserIdentity | null): void => {
  const { issuer, subject } = signedIn(identity);
  if (issuer !== serviceToken.issuer || subject !== serviceToken.subject)
    throw refusal("Forbidden", "This function is for the worker.");
};
