/// <reference types="vite/types/import-meta.d.ts" />
import { type Recording, type Recordings, readRecordings } from "./recordings.testing.ts";

/** Every recording there is, for tests that Vite transforms. */
export const recordings: Recordings = readRecordings(
  import.meta.glob<string>("./recordings/*.jsonl", { query: "?raw", import: "default", eager: true }),
);

export const recordingOf = (name: string): Recording => {
  const found = recordings.get(name);
  if (found === undefined) throw new Error(`There is no recording ${name}.`);
  return found;
};
