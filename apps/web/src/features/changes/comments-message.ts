import { visibleText } from "../text/index.ts";
import type { Comment } from "./comment.ts";

const longestRun = (text: string): number => Math.max(0, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length));

/** The text between backticks enough that none of its own ends it. */
const inCode = (text: string): string => {
  const ticks = "`".repeat(longestRun(text) + 1);
  const room = text.startsWith("`") || text.endsWith("`") ? " " : "";
  return `${ticks}${room}${text}${room}${ticks}`;
};

const fenced = (text: string): string => {
  const fence = "`".repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}\n${text}\n${fence}`;
};

const lineOf = ({ place: { side, line } }: Comment): string =>
  side === "before" ? `removed line ${line}` : `line ${line}`;

/** One message that says each comment with its file, its line and the code it is about; by file, then by line. */
export const commentsMessage = (comments: readonly Comment[]): string => {
  const ordered = [...comments].sort(
    (a, b) => (a.place.path < b.place.path ? -1 : a.place.path > b.place.path ? 1 : 0) || a.place.line - b.place.line,
  );
  const parts = ordered.map(
    (comment) =>
      `${inCode(visibleText(comment.place.path.replace(/\s+/g, " ")))}, ${lineOf(comment)}:\n${fenced(visibleText(comment.quote))}\n${comment.text.trim()}`,
  );
  return `Comments on the changes:\n\n${parts.join("\n\n")}`;
};
