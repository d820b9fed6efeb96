import { codemodeLimits } from "@threadbox/contracts/codemode-limits";
import { absentFile } from "@threadbox/contracts/files";
import type { ProgramChange } from "@threadbox/contracts/program-approval";
import { structuredPatch } from "diff";
import type { HeldRequest } from "./held-requests.ts";
import type { ViewedChange } from "./workspace-view.ts";

/** A change as a person is shown it, with what is needed to make exactly it. */
export interface HeldChange extends ProgramChange {
  /** What it replaces; `absentFile`: nothing. */
  readonly version: string;
  readonly content: Uint8Array | null;
  /** What it replaces; null: there is no file. */
  readonly before: Uint8Array | null;
}

/** Comparing takes longer the more two texts differ; beyond this one is shown to take the place of the other. */
const editsMax = 4_000;

const textOf = (bytes: Uint8Array | null | undefined): string | null => {
  if (bytes === null || bytes === undefined) return "";
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.includes("\0") ? null : text;
  } catch {
    return null;
  }
};

const linesOf = (text: string): readonly string[] => (text === "" ? [] : text.replace(/\n$/, "").split("\n"));

const wholly = (before: string, after: string): readonly string[] => [
  `@@ -1,${linesOf(before).length} +1,${linesOf(after).length} @@`,
  ...linesOf(before).map((line) => `-${line}`),
  ...linesOf(after).map((line) => `+${line}`),
];

/** The lines of a unified diff, from the first `@@` on. */
const diffOf = (before: string, after: string): readonly string[] => {
  const patch = structuredPatch("", "", before, after, "", "", { context: 3, maxEditLength: editsMax });
  if (patch === undefined) return wholly(before, after);
  return patch.hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
    // As git counts: a part without lines stands behind the line before it.
    `@@ -${oldStart - (oldLines === 0 ? 1 : 0)},${oldLines} +${newStart - (newLines === 0 ? 1 : 0)},${newLines} @@`,
    ...lines,
  ]);
};

export const showChange = ({ path, base, content }: ViewedChange): HeldChange => {
  const [before, after] = [textOf(base?.bytes), textOf(content)];
  const lines = before === null || after === null ? null : diffOf(before, after);
  const count = (sign: string) => lines?.filter((line) => line.startsWith(sign)).length ?? null;
  return {
    path,
    change: base === null ? "added" : content === null ? "deleted" : "modified",
    additions: count("+"),
    deletions: count("-"),
    diff: lines === null ? null : `${lines.join("\n")}\n`,
    bytesBefore: base?.bytes.byteLength ?? null,
    bytesAfter: content?.byteLength ?? null,
    version: base?.version ?? absentFile,
    content,
    before: base?.bytes ?? null,
  };
};

/** What can't be shown whole can't be allowed. */
export const isShowable = (changes: readonly HeldChange[], requests: readonly Pick<HeldRequest, "body">[]): boolean =>
  [...changes.map(({ diff }) => diff), ...requests.map(({ body }) => body)].reduce(
    (sum, text) => sum + new TextEncoder().encode(text ?? "").byteLength,
    0,
  ) <= codemodeLimits.shownBytesMax;
