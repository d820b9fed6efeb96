/** What is told to the server of a sandbox's terminals at its start, as one line of JSON on its standard input. */
export interface TerminalsStart {
  /** What whoever asks it has to show. */
  readonly key: string;
  readonly port: number;
  /** Where shells begin. */
  readonly folder: string;
  /** OpenCode's, by which it is found: shells get the environment that it was given, ... */
  readonly openCodePort: number;
  /** ... without these. */
  readonly hiddenVariables: readonly string[];
}

/** The longest output that is on its way to one reader before it says that it has taken some, in bytes. */
export const windowBytes = 1024 * 1024;

/** How much of a terminal's output is kept to be sent again. */
export const backlogBytesMax = 2 * 1024 * 1024;

/** Reading goes on at this rate where nobody takes what is printed: what works unseen goes on, what floods is held. */
export const unseenBytesPerSecond = 1024 * 1024;

/** Terminals that have ended are kept with their last output until somebody closes them, the newest of them. */
export const endedMax = 4;

/** How a reader's socket is closed where there is no such terminal. */
export const noTerminalCode = 4404;
