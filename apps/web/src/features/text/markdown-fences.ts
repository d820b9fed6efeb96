const fence = /^ {0,3}(`{3,})[ \t]*([^`]*)$/;
const isMarkdown = (info: string): boolean => /^(?:markdown|md|mdx)(?:\s|$)/i.test(info);

interface Outer {
  readonly at: number;
  readonly length: number;
  depth: number;
  hasInner: boolean;
  longest: number;
}

/**
 * Makes a block of markdown that holds fences of its own length one block: its own fence becomes longer. A fence with
 * a language opens an inner block and one without closes it. A block without an end stays as it is.
 */
export const withWholeFences = (text: string): string => {
  if (!text.includes("```m") && !text.includes("``` m")) return text;
  const lines = text.split("\n");
  let outer: Outer | null = null;
  let plain = 0;
  for (const [at, line] of lines.entries()) {
    const [, ticks = "", words = ""] = fence.exec(line.replace(/\r$/, "")) ?? [];
    const info = words.trim();
    if (ticks === "") continue;
    if (outer !== null) {
      outer.longest = Math.max(outer.longest, ticks.length);
      if (info !== "") {
        outer.depth += 1;
        outer.hasInner = true;
      } else if (outer.depth > 0) outer.depth -= 1;
      else if (ticks.length >= outer.length) {
        if (outer.hasInner) {
          const long = "`".repeat(outer.longest + 1);
          for (const end of [outer.at, at]) lines[end] = lines[end]?.replace(/`{3,}/, long) ?? "";
        }
        outer = null;
      }
    } else if (plain > 0) {
      if (info === "" && ticks.length >= plain) plain = 0;
    } else if (isMarkdown(info)) outer = { at, length: ticks.length, depth: 0, hasInner: false, longest: ticks.length };
    else plain = ticks.length;
  }
  return lines.join("\n");
};
