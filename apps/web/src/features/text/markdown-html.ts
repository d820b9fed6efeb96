import type { Token } from "marked";

export type HarmlessTag = "b" | "i" | "em" | "strong" | "kbd" | "sub" | "sup";

const tag = /^<(\/?)(b|i|em|strong|kbd|sub|sup)\s*>$/i;

export const isLineBreak = (raw: string): boolean => /^<br\s*\/?>\s*$/i.test(raw);

/** A note of the writer's to themselves, which no reader sees anywhere. */
export const isComment = (raw: string): boolean => {
  const text = raw.trim();
  return text.startsWith("<!--") && text.indexOf("-->") === text.length - 3;
};

/**
 * Where each harmless tag that has a partner among these tokens ends: opening index → closing index. Tags with
 * attributes or without a partner are not in it.
 */
export const tagPairs = (tokens: readonly Token[]): ReadonlyMap<number, number> => {
  const pairs = new Map<number, number>();
  const open: { readonly name: string; readonly at: number }[] = [];
  const counts = new Map<string, number>();
  for (const [at, token] of tokens.entries()) {
    const found = token.type === "html" ? tag.exec(token.raw) : null;
    const name = found?.[2]?.toLowerCase();
    if (found === null || name === undefined) continue;
    if (found[1] === "") {
      open.push({ name, at });
      counts.set(name, (counts.get(name) ?? 0) + 1);
      continue;
    }
    while ((counts.get(name) ?? 0) > 0) {
      const last = open.pop();
      if (last === undefined) break;
      counts.set(last.name, (counts.get(last.name) ?? 1) - 1);
      if (last.name !== name) continue;
      pairs.set(last.at, at);
      break;
    }
  }
  return pairs;
};

export const tagName = (raw: string): HarmlessTag => (tag.exec(raw)?.[2]?.toLowerCase() ?? "em") as HarmlessTag;
