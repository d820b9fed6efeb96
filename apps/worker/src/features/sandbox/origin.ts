import { MessageId, ThreadId } from "@threadbox/contracts/ids";
import { PointId } from "@threadbox/contracts/points";
import { Schema } from "effect";

/** What a thread's files begin with: a point of another thread's. Kept for as long as the sandbox may have nothing of its own. */
export const Origin = Schema.Struct({
  threadId: ThreadId,
  pointId: PointId,
  /** The answer that these files go with; null: none. */
  after: Schema.NullOr(MessageId),
});
export type Origin = typeof Origin.Type;
