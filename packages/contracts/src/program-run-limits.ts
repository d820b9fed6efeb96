/** Kept of one thread's programs, the newest. This file has no imports, so that the page can use it. */
export const programRunLimits = { receiptsMax: 200, snippetsMax: 50, nameLengthMax: 80 } as const;
