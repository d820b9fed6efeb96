import { diffWordsWithSpace } from "diff";

/** A run of a line's text, and whether the line's partner does not have it. */
export interface Segment {
  readonly text: string;
  readonly isChanged: boolean;
}

/** Longer lines are not compared word by word. */
const lengthMax = 1_000;

/** The line in runs. Where most of it is different, it is one run and not marked: nothing would stand out. */
export const segmentsOf = (line: string, partner: string | null): readonly Segment[] => {
  const whole = [{ text: line, isChanged: false }];
  if (partner === null || line.length > lengthMax || partner.length > lengthMax) return whole;
  const segments = diffWordsWithSpace(partner, line)
    .filter(({ removed }) => !removed)
    .map(({ value, added }) => ({ text: value, isChanged: added }));
  const changed = segments.reduce(
    (length, { text, isChanged }) => (isChanged ? length + text.trim().length : length),
    0,
  );
  return changed > line.trim().length * 0.7 ? whole : segments;
};
