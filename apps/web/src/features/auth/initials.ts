/** One or two capitals for a small round mark. */
export const initialsOf = (name: string): string => {
  const words = name.split(/[\s@._-]+/).filter(Boolean);
  const [first, second] = name.includes("@")
    ? words.slice(0, 1)
    : [words[0], words.length > 1 ? words.at(-1) : undefined];
  const letters = [first, second].map((word) =>
    word === undefined ? "" : String.fromCodePoint(word.codePointAt(0) ?? 63),
  );
  return letters.join("").toUpperCase() || "?";
};
