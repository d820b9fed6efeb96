import type { ChangedFile } from "@threadbox/contracts/changes";
import { fileLimits } from "@threadbox/contracts/files";
import type { ExecResult } from "@threadbox/contracts/sandbox-host";
import { type DiffHead, readHead } from "./read-head.ts";

/** What git says of one root. Paths are relative to that root. */
export interface RootDiff extends DiffHead {
  readonly files: readonly ChangedFile[];
  readonly isCut: boolean;
}

const changes: Readonly<Record<string, ChangedFile["change"]>> = {
  A: "added",
  D: "deleted",
  M: "modified",
  T: "modified",
};
const linkMode = "120000";
const rawRecord = /^:(\d{6}) (\d{6}) [0-9a-f]{40,64} [0-9a-f]{40,64} ([ADMT])$/;
const countRecord = /^(\d+|-)\t(\d+|-)\t(.+)$/s;
const sectionStart = "diff --git ";

/** A path that names something below its root, and nothing else. */
export const isPlain = (path: string): boolean =>
  path.length <= fileLimits.pathLengthMax &&
  !path.includes("\0") &&
  path.split("/").every((segment) => segment !== "" && segment !== "." && segment !== "..");

const countOf = (text: string): number | null =>
  text === "-" ? null : Math.min(Number(text), Number.MAX_SAFE_INTEGER);

/** The text of each file's difference, in git's order; a line of a file's never begins as a section does. */
const sectionsOf = (patch: string): readonly string[] =>
  patch === ""
    ? []
    : patch.split(`\n${sectionStart}`).map((section) => (section.endsWith("\n") ? section : `${section}\n`));

const hunksOf = (section: string): string | null => {
  const start = section.indexOf("\n@@ ");
  if (start >= 0) return section.slice(start + 1);
  return /\n(Binary files |GIT binary patch)/.test(section) ? null : "";
};

/** One text of hunks for each record, or null where the answer breaks off before it. A change of kind has two sections. */
const hunksByRecord = (patch: string, letters: readonly string[], isCut: boolean): readonly (string | null)[] => {
  const whole = sectionsOf(patch);
  const sections = isCut ? whole.slice(0, -1) : whole;
  let at = 0;
  return letters.map((letter) => {
    const taken = letter === "T" ? 2 : 1;
    const own = sections.slice(at, at + taken);
    at += taken;
    if (own.length < taken) return null;
    const hunks = own.map(hunksOf);
    return hunks.includes(null) ? null : hunks.join("");
  });
};

/**
 * What the program printed: the commit, whether something is accepted, the turns, then git's raw records, its counts, and
 * the patch. Whoever wrote it may lie, so it is read as data: null where it does not have that form; a record that names
 * nothing below its root is left out.
 */
export const readDiff = ({ stdout, isTruncated }: Pick<ExecResult, "stdout" | "isTruncated">): RootDiff | null => {
  const read = readHead(stdout);
  if (read === null) return null;
  const { head, length } = read;
  const patchStart = stdout.indexOf(`\0\0${sectionStart}`, length);
  // Where the answer breaks off within the records, the last one may be half a name.
  const end = patchStart >= 0 ? patchStart : isTruncated ? stdout.lastIndexOf("\0") : stdout.length;
  const records = stdout.slice(length, end).split("\0");
  const patch = patchStart < 0 ? "" : stdout.slice(patchStart + 2);

  const raw: { readonly letter: string; readonly kind: ChangedFile["kind"]; readonly path: string }[] = [];
  const counts = new Map<string, readonly [number | null, number | null]>();
  for (let at = 0; at < records.length; at += 1) {
    const record = records[at] ?? "";
    const [, before, after, letter] = rawRecord.exec(record) ?? [];
    if (letter !== undefined) {
      at += 1;
      const kind = before === linkMode || after === linkMode ? "link" : "file";
      raw.push({ letter, kind, path: records[at] ?? "" });
      continue;
    }
    const [, added, deleted, path] = countRecord.exec(record) ?? [];
    if (path !== undefined) counts.set(path, [countOf(added ?? ""), countOf(deleted ?? "")]);
    else if (record !== "" && !isTruncated) return null;
  }
  const hunks = hunksByRecord(
    patch,
    raw.map(({ letter }) => letter),
    isTruncated,
  );
  const files = raw.flatMap(({ letter, kind, path }, index): readonly ChangedFile[] => {
    if (!isPlain(path)) return [];
    const [additions, deletions] = counts.get(path) ?? [null, null];
    return [{ path, kind, change: changes[letter] ?? "modified", additions, deletions, hunks: hunks[index] ?? null }];
  });
  return { ...head, files, isCut: isTruncated && patchStart < 0 };
};

/** The folders that the search for repositories printed, bounded; what names none below the workspace is left out. */
export const readRoots = ({ stdout }: Pick<ExecResult, "stdout">, rootsMax: number): readonly string[] =>
  stdout
    .slice(0, stdout.lastIndexOf("\n") + 1)
    .split("\n")
    .filter((path) => path.endsWith("/.git"))
    .map((path) => path.slice(0, -"/.git".length))
    .filter(isPlain)
    .sort((a, b) => a.length - b.length || (a < b ? -1 : 1))
    .slice(0, rootsMax);
