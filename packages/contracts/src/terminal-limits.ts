/** What page and worker agree on about terminals. This file has no imports, so that pages can use it. */
export const terminalLimits = {
  /** Terminals of one sandbox that run at once. */
  runningMax: 8,
  titleLengthMax: 40,
  columnsMax: 500,
  rowsMax: 300,
  /** Characters (UTF-16 units) of one `input` frame. */
  inputLengthMax: 16_384,
  /** Bytes of output that are on their way while the page has not said that it took them. */
  windowBytes: 1_048_576,
  /** The page says what it has taken at least every so many bytes. */
  takenEvery: 262_144,
} as const;
