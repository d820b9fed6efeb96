/** What page and worker agree on about terminals. This file has no imports, so that pages can use it. */
export const terminalLimits = {
  /** Terminals of one sandbox that run at once. */
  runningMax: 8,
  titleLengthMax: 40,
  columnsMax: 500,
  rowsMax: 300,
  /** Characters (UTF-16 units) of one `input` frame. */
  inputLengthMax: 16_384,
  /** Characters of output that are on their way while the page has not said that it took them. */
  windowLength: 1_048_576,
  /** The page says what it has taken at least every so many characters. */
  takenEvery: 262_144,
} as const;

/**
 * The operating system command (`ESC ] number ; code ST`) with which a terminal's shell says, last of all, with what code it
 * ended. A program inside can say it too, and is believed: it is only shown.
 */
export const terminalExitCommand = 7779;
