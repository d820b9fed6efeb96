import type { Doc } from "../_generated/dataModel.js";

/**
 * The worker's outbox of one thread is delivered in order, but a delivery that was thought lost may still arrive after
 * later ones. Where the worker numbers its rows, one that is not newer than the last applied is a repeat.
 */
export const isRepeat = (thread: Pick<Doc<"threads">, "outboxSequence">, sequence: number | undefined): boolean =>
  sequence !== undefined && thread.outboxSequence !== undefined && sequence <= thread.outboxSequence;

/** The part of the thread's patch that remembers the row. */
export const applied = (sequence: number | undefined): { outboxSequence?: number } =>
  sequence === undefined ? {} : { outboxSequence: sequence };
