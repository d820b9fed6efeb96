/** Bounds that several machines keep. This file has no imports, so that pages and Convex functions can use it. */

/** Longest title a thread may carry, in characters. */
export const titleLengthMax = 200;

/** Longest message of a user, in bytes of UTF-8. */
export const userTextBytesMax = 131_072;

/** Largest `parts` of a projected message, in bytes of UTF-8: well below what one Convex document holds. */
export const projectedPartsBytesMax = 786_432;
