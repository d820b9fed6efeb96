import type { Doc } from "../_generated/dataModel.js";
import type { QueryCtx } from "../_generated/server.js";
import { findUser } from "./users.ts";

/** Whether OpenCode's own page may be opened: neither its owner nor the thread has it turned off. */
export const hasOpenCode = async (ctx: Pick<QueryCtx, "db">, thread: Doc<"threads">): Promise<boolean> =>
  thread.isOpenCodeOff !== true && (await findUser(ctx, thread.ownerId))?.isOpenCodeOff !== true;
