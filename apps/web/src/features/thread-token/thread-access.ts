import { isErrorTag } from "@threadbox/contracts/errors";
import type { ThreadId } from "@threadbox/contracts/ids";
import { api } from "@threadbox/convex/_generated/api";
import { ConvexHttpClient } from "convex/browser";
import { ConvexError } from "convex/values";
import { TokenRefusal } from "./refusal.ts";

const passedOn = new Set(["NotFound", "TokenInvalid", "TokenExpired", "TokenMissing", "Forbidden"]);

const refusalOf = (error: unknown): TokenRefusal => {
  const tag = error instanceof ConvexError ? Reflect.get(Object(error.data), "_tag") : undefined;
  if (tag === "NotFound") return new TokenRefusal("NotFound", "There is no such thread.");
  if (isErrorTag(tag) && passedOn.has(tag)) return new TokenRefusal(tag, "Convex refused the access token.");
  return new TokenRefusal("StoreUnavailable", "The thread list cannot be reached right now.", { cause: error });
};

/** Asks Convex, as the user, whether the thread is theirs. Throws `NotFound` for everybody else's. */
export const requireThread = async (convexUrl: string, accessToken: string, threadId: ThreadId): Promise<void> => {
  const convex = new ConvexHttpClient(convexUrl, { logger: false });
  convex.setAuth(accessToken);
  await convex.query(api.threads.get, { threadId }).catch((error: unknown) => {
    throw refusalOf(error);
  });
};
