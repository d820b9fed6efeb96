/** What one program may use. This file has no imports, so that the page can show the numbers. */
export const codemodeLimits = {
  /** Of the program's text, in characters. */
  programLengthMax: 64 * 1024,
  /** From the first to the last moment of a run; waiting for a person does not count. */
  wallMs: 30_000,
  /** A program that computes so long without a pause is ended from outside, with whatever else runs in its process. */
  computingMsMax: 5_000,
  /** Of the process that a program runs in; an empty one holds about 70. */
  memoryMibMax: 384,
  /** Processes that run programs at once, and what they may hold together. */
  placesMax: 8,
  allMemoryMibMax: 1_536,
  callsMax: 100,
  /** Of what a program returns or prints, and of what it hands to one tool or gets from it: UTF-8 of the JSON. */
  outputBytesMax: 1024 * 1024,
  /** How long a person has to allow or deny; after that it is denied. A turn that is silent for longer than 15 minutes is given up. */
  approvalMs: 600_000,
  /** Of one program's changes to files: what nobody would look through, nobody can allow. `shown`: of their differences. */
  changedFilesMax: 200,
  changedBytesMax: 4 * 1024 * 1024,
  shownBytesMax: 1024 * 1024,
  /** Of one thread: so many programs' changes can be undone, the newest. */
  undoableMax: 10,
  /** Of what an address answers with. */
  fetchBytesMax: 5 * 1024 * 1024,
  /** Of one request's headers and of its body, as UTF-8. */
  headerBytesMax: 8 * 1024,
  bodyBytesMax: 256 * 1024,
  /** Requests that one program may want to send, and what is kept of the answer to each. */
  heldRequestsMax: 20,
  answerCharactersMax: 32 * 1024,
  /** Questions that one program may ask a person, and the length of each, of a choice and of an answer. */
  questionsMax: 3,
  questionLengthMax: 1_000,
  choicesMax: 8,
  choiceLengthMax: 100,
  replyLengthMax: 4_000,
} as const;
