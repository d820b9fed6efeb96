/**
 * The server of a sandbox's terminals, a program of ours that every sandbox holds and that is started when the first one is
 * needed. This file has no imports.
 */

/** The port on which it listens inside every sandbox. */
export const terminalsPort = 4097;

/** Where the program is, for the sandbox's Node. */
export const terminalsProgram = "/opt/threadbox/supervisor/terminals/main.ts";

/** Below this path are all of its addresses. */
export const terminalsPath = "/terminals";
