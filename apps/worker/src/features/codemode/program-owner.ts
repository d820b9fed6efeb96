import type { Generation, ThreadId } from "@threadbox/contracts/ids";

/** Whose program it is. */
export interface ProgramOwner {
  readonly threadId: ThreadId;
  readonly requestId: string;
  /** The generation whose sandbox asks; null: nobody in a sandbox does. */
  readonly generation: Generation | null;
}
