import type { ErrorTag } from "@threadbox/contracts/errors";
import { ConvexError } from "convex/values";

/** The refusal that every function throws; its `data` reaches the client as `{ _tag, message }`. */
export const refusal = (_tag: ErrorTag, message: string) => new ConvexError({ _tag, message });

/** Said alike for a thread that never was, is deleted, or belongs to somebody else. */
export const threadNotFound = () => refusal("NotFound", "This thread doesn't exist, or you don't have access.");
