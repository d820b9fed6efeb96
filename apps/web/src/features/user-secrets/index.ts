import { lazyOrNothing } from "../../lib/lazy-or-nothing.ts";

/** The secrets of the user's own threads, which bring their own code. */
export const UserSecrets = lazyOrNothing(() => import("./user-secrets.tsx"));
