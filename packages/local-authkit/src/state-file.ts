import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import writeFileAtomic from "write-file-atomic";

/**
 * Replaces a file whole: after a crash it holds either the old text or the new one. Only the owner may read it, and
 * its folder. Throws what the file system throws; the old file stands then.
 */
export const writeState = (path: string, state: unknown): void => {
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileAtomic.sync(path, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  syncFolder(folder);
};

/** Makes the new name of a file outlive a power cut. */
const syncFolder = (folder: string): void => {
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
};

/** The state a file holds, or undefined where there is none. A damaged file is an error, never a fresh start. */
export const readState = <T>(path: string, isState: (value: unknown) => value is T): T | undefined => {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
  const damaged = `${path} is damaged. Put back a copy of it, or remove it to begin anew.`;
  let state: unknown;
  try {
    state = JSON.parse(text);
  } catch (cause) {
    throw new Error(damaged, { cause });
  }
  if (!isState(state)) throw new Error(damaged);
  return state;
};

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const isArrayOf =
  <T>(isItem: (value: unknown) => value is T) =>
  (value: unknown): value is T[] =>
    Array.isArray(value) && value.every(isItem);
