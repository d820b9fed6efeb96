import type { Comment } from "./comment.ts";

/** So many are kept; whoever writes more has them until the page is closed. */
const keptMax = 500;

const readComment = (value: unknown): Comment | null => {
  if (typeof value !== "object" || value === null) return null;
  const field = (of: object, name: string): unknown => Reflect.get(of, name);
  const [place, quote, text, isEditing] = ["place", "quote", "text", "isEditing"].map((name) => field(value, name));
  if (typeof place !== "object" || place === null) return null;
  const [path, side, line] = ["path", "side", "line"].map((name) => field(place, name));
  if (typeof path !== "string" || (side !== "before" && side !== "after") || typeof line !== "number") return null;
  if (typeof quote !== "string" || typeof text !== "string") return null;
  return { place: { path, side, line }, quote, text, isEditing: isEditing === true };
};

/** The comments in what a device kept. It may be of another version, or of anybody's tools. */
export const readKeptComments = (kept: string): readonly Comment[] => {
  try {
    const value: unknown = JSON.parse(kept);
    return Array.isArray(value) ? value.map(readComment).filter((comment) => comment !== null) : [];
  } catch {
    return [];
  }
};

export const keepComments = (comments: Iterable<Comment>): string => {
  const kept = [...comments].slice(0, keptMax);
  return kept.length === 0 ? "" : JSON.stringify(kept);
};
