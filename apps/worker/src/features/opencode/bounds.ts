import type { Rate } from "../../platform/bucket.ts";

/**
 * How much the program in OpenCode's place may send. Each bound lies far above what OpenCode sends in a turn, and low
 * enough that a worker with many turns neither runs out of memory nor keeps other threads waiting. Lengths are in UTF-16
 * units, sizes in bytes.
 */
const kibibyte = 1024;
const mebibyte = 1024 * kibibyte;

/** One event of the stream, with its line ends. */
export const eventBytesMax = 4 * mebibyte;
/** The answer to one call; the messages of a turn are the longest. */
export const answerBytesMax = 8 * mebibyte;
/** How deep the JSON of an event or an answer may nest. */
export const jsonDepthMax = 100;
/** Ids, names and other words that are kept for comparison. */
export const wordLengthMax = 512;

/** Text of one part that the model writes. */
export const partLengthMax = mebibyte;
/** All that the model writes in a turn: it is told and kept several times over, which tools' outputs are not. */
export const writtenLengthMax = 3 * mebibyte;
/** What is kept of a turn: the strings of all its messages and parts. */
export const turnLengthMax = 8 * mebibyte;
export const messagesMax = 1_000;
export const partsMax = 3_000;
/** Sub-agents of one turn. */
export const sessionsMax = 500;

/** Events and bytes beyond this wait in the sandbox. */
export const eventRate: Rate = { capacity: 1_000, perSecond: 600 };
export const byteRate: Rate = { capacity: 4 * mebibyte, perSecond: 4 * mebibyte };
/** A stream that had to wait for so long altogether is a flood. */
export const heldMsMax = 60_000;
export const turnBytesMax = 1024 * mebibyte;
/** The longest a turn may take. */
export const turnMsMax = 6 * 60 * 60_000;
