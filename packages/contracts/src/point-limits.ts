/** Without imports, for the page. */
/** Bounds of what is told of a thread's points, and how long they are kept. */
export const pointLimits = {
  /** Told, the newest. */
  pointsMax: 1_000,
  /** Paths that a comparison names. */
  pathsMax: 300,
  /** Every point is kept for so many days, and then the last one of each day. */
  allDays: 7,
  dailyDays: 90,
  aboutLengthMax: 120,
} as const;

/** Before anything was saved: an empty workspace. */
export const beginningId = "beginning";
