import type { ThreadId } from "@threadbox/contracts/ids";
import { api } from "@threadbox/convex/_generated/api";
import { ConvexHttpClient } from "convex/browser";
import { ConvexError } from "convex/values";
import { TokenRefusal } from "./refusal.ts";

const refusalOf = (error: unknown): TokenRefusal => {
  const tag = error instanceof ConvexError ? Reflect.get(Object(error.data), "_tag") : undefined;
  if (tag === "NotFound") return new TokenRefusal("NotFound", "This thread doesn't exist, or you don't have access.");
  // The access token was found good a moment ago: a Convex that cannot see that has a trouble of its own.
  return new TokenRefusal("StoreUnavailable", "Can't reach the database right now.", { cause: error });
};

/** Asks Convex, as the user, whether the thread is theirs. Throws `NotFound` for everybody else's. */
export const requireThread = async (convexUrl: string, accessToken: string, threadId: ThreadId): Promise<void> => {
  const convex = new ConvexHttpClient(convexUrl, { logger: false });
  convex.setAuth(accessToken);
  await convex.query(api.threads.get, { threadId }).catch((error: unknown) => {
    throw refusalOf(error);
  });
};
