import type { JSONValue } from "convex/values";
import type { Fault } from "../faults.ts";
import type { LogLine } from "./invocations.ts";
import type { ThrownByFunction } from "./runtime/messages.ts";

/** What the caller of a failed function is told. */
export interface FunctionFailure {
  readonly message: string;
  /** Convex-encoded; present for a ConvexError. */
  readonly data?: JSONValue;
}

/** How much a client may see of what happened inside a function. */
export interface Disclosure {
  /** True in development: messages, places in the source and console lines reach the client. */
  readonly isOpen: boolean;
  /** The functions folder, which places in the source are told relative to. */
  readonly folder: string;
}

const heading = (requestId: string): string => `[Request ID: ${requestId}] Server Error`;

/** The lines of a stack that lie in the functions folder, without the machine's own path. */
export const ownFrames = (stack: string, folder: string): string[] =>
  stack
    .split("\n")
    .filter((line) => line.trimStart().startsWith("at ") && line.includes(`${folder}/`))
    .map((line) => line.replace("file://", "").replace(`${folder}/`, "../convex/"));

/** Of an error that a function threw: all of it in development, otherwise only what a ConvexError carries. */
export const failureOfThrown = (
  error: ThrownByFunction,
  requestId: string,
  disclosure: Disclosure,
): FunctionFailure => {
  const data = error.data === undefined ? {} : { data: JSON.parse(error.data) as JSONValue };
  if (!disclosure.isOpen) return { message: heading(requestId), ...data };
  const frames = ownFrames(error.stack ?? "", disclosure.folder);
  return { message: [heading(requestId), error.message, ...frames].join("\n"), ...data };
};

/** Of a mistake that the server itself found; its words are meant for the caller. */
export const failureOfFault = (fault: Fault, requestId: string): FunctionFailure => ({
  message: `${heading(requestId)}\n${fault.message}`,
  ...(fault.data === undefined ? {} : { data: fault.data }),
});

/** Console lines in the form that the client prints: "[LEVEL] text". None outside development. */
export const disclosedLogLines = (lines: readonly LogLine[], { isOpen }: Disclosure): string[] =>
  isOpen ? lines.map(({ level, text }) => `[${level}] ${text}`) : [];
