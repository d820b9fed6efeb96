import type { ChangedFile } from "@threadbox/contracts/changes";
import { useCallback, useState } from "react";
import { recall, remember } from "../../lib/device-memory.ts";

/** So many marks are remembered of a thread. */
const marksMax = 1_000;

const marks = new WeakMap<ChangedFile, string>();

/** Names one state of one file's changes: a few characters, so that many can be remembered. */
export const markOf = (file: ChangedFile): string => {
  const known = marks.get(file);
  if (known !== undefined) return known;
  const { path, change, additions, deletions, hunks } = file;
  let hash = 0x811c9dc5;
  for (const character of `${path}\0${change}\0${additions}\0${deletions}\0${hunks ?? ""}`) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  const mark = hash.toString(36);
  marks.set(file, mark);
  return mark;
};

const viewedKey = (threadId: string) => `threadbox.viewed.${threadId}`;

/** Which files a person has viewed as they are now; remembered on this device. A file that changes again is not viewed. */
export const useViewed = (threadId: string) => {
  const [viewed, setViewedMarks] = useState<ReadonlySet<string>>(
    () => new Set((recall(viewedKey(threadId)) ?? "").split(" ").filter((mark) => mark !== "")),
  );
  const isViewed = useCallback((file: ChangedFile) => viewed.has(markOf(file)), [viewed]);
  const setViewed = useCallback(
    (file: ChangedFile, isOn: boolean) =>
      setViewedMarks((known) => {
        const mark = markOf(file);
        const others = [...known].filter((each) => each !== mark);
        const next = isOn ? [...others, mark].slice(-marksMax) : others;
        remember(viewedKey(threadId), next.length === 0 ? null : next.join(" "));
        return new Set(next);
      }),
    [threadId],
  );
  return { isViewed, setViewed };
};
