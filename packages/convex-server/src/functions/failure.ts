import { dirname, join, relative, sep } from "node:path";
import type { JSONValue } from "convex/values";
import type { Fault } from "../faults.ts";
import type { LogLine } from "./invocations.ts";
import type { ThrownByFunction } from "./runtime/messages.ts";

/** What the caller of a failed function is told. */
export interface FunctionFailure {
  readonly message: string;
  /** Convex-encoded; present for a ConvexError. */
  readonly data?: JSONValue;
  /** The message in one line, as an HTTP action that fails is answered with; absent where the message is one. */
  readonly summary?: string;
  /** What went wrong and where, each line ended; absent where that is not told. */
  readonly trace?: string;
}

/** How much a client may see of what happened inside a function. */
export interface Disclosure {
  /** True in development: messages, places in the source and console lines reach the client. */
  readonly isOpen: boolean;
  /** The functions folder, which places in the source are told relative to. */
  readonly folder: string;
}

const heading = (requestId: string): string => `[Request ID: ${requestId}] Server Error`;

const serverFolder = join(import.meta.dirname, "..");

/** The client library's own way to a function, which tells its author nothing. */
const isInternal = (frame: string): boolean => frame.includes("convex/src/server/impl");

/** A frame with its place as Convex writes it, relative to the folder that bundles lie in; null when it is none of the code's. */
const frameOf = (line: string, folder: string): string | null => {
  if (/^\s+at (async )?Promise\.all \(index \d+\)$/.test(line)) return line;
  const place = /^(\s+at (?:.* \()?)(?:file:\/\/)?(\/.+?)(:\d+:\d+\)?)$/.exec(line);
  const [, before = "", path = "", after = ""] = place ?? [];
  if (place === null || path.startsWith(`${serverFolder}${sep}`)) return null;
  if (path.startsWith(`${folder}${sep}`)) return `${before}../convex/${relative(folder, path)}${after}`;
  const inPackages = path.lastIndexOf("/node_modules/");
  return `${before}..${inPackages === -1 ? `/${relative(dirname(folder), path)}` : path.slice(inPackages)}${after}`;
};

/** The frames of a stack that lie in the code, from the first to the last that are not the client library's. */
export const ownFrames = (stack: string, folder: string): string[] => {
  const frames = stack
    .split("\n")
    .map((line) => frameOf(line, folder))
    .filter((frame) => frame !== null);
  const first = frames.findIndex((frame) => !isInternal(frame));
  return first === -1 ? [] : frames.slice(first, frames.findLastIndex((frame) => !isInternal(frame)) + 1);
};

const failure = (requestId: string, message: string, frames: readonly string[]): FunctionFailure => {
  const trace = [message, ...frames].map((line) => `${line}\n`).join("");
  return { message: `${heading(requestId)}\n${trace}`, summary: `${heading(requestId)}: ${message}`, trace };
};

/** Of an error that a function threw: all of it in development, otherwise only what a ConvexError carries. */
export const failureOfThrown = (
  error: ThrownByFunction,
  requestId: string,
  disclosure: Disclosure,
): FunctionFailure => {
  const data = error.data === undefined ? {} : { data: JSON.parse(error.data) as JSONValue };
  if (!disclosure.isOpen) return { message: heading(requestId), ...data };
  return { ...failure(requestId, error.message, ownFrames(error.stack ?? "", disclosure.folder)), ...data };
};

/** Of a mistake that the server itself found; its words are meant for the caller. */
export const failureOfFault = (fault: Fault, requestId: string): FunctionFailure => ({
  ...failure(requestId, fault.message, []),
  ...(fault.data === undefined ? {} : { data: fault.data }),
});

/** Console lines in the form that the client prints: "[LEVEL] text". None outside development. */
export const disclosedLogLines = (lines: readonly LogLine[], { isOpen }: Disclosure): string[] =>
  isOpen ? lines.map(({ level, text }) => `[${level}] ${text}`) : [];
