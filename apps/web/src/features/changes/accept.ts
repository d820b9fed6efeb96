import { type AcceptChanges, type AcceptedFile, type ChangedFile, changesLimits } from "@threadbox/contracts/changes";
import { isLeftOut } from "./changes-store.ts";
import type { ReadFile } from "./diff-rows.ts";
import { type Hunk, hunkText } from "./hunks.ts";

/** Whether what changed in this file is known, and so can be accepted. */
export const isAcceptable = ({ file, hunks }: ReadFile): boolean =>
  !isLeftOut(file) && (file.hunks === null || hunks !== null);

/** One hunk of a file, or, with null, all of it. A file without lines to read, or a link, is accepted as it is. */
export const acceptedFile = ({ path, change, kind, hunks }: ChangedFile, hunk: Hunk | null): AcceptedFile =>
  hunk === null
    ? { path, change, hunks: kind === "link" || hunks === "" ? null : hunks, isWhole: true }
    : { path, change, hunks: hunkText(hunk), isWhole: false };

/** All files whose changes are known; null where that is more than is accepted at once. */
export const acceptedFiles = (files: readonly ReadFile[]): AcceptChanges["files"] | null => {
  const accepted = files.filter(isAcceptable).map(({ file }) => acceptedFile(file, null));
  const bytes = new TextEncoder().encode(accepted.map(({ hunks }) => hunks ?? "").join("")).byteLength;
  return bytes > changesLimits.acceptBytesMax ? null : accepted;
};
