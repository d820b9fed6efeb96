/** Values that cross the border are JSON, no longer than that many bytes; null: this one isn't. */
export const boundedJson = (value: unknown, bytesMax: number): { readonly value: unknown } | null => {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch {
    return null;
  }
  if (text === undefined) return { value: null };
  if (text.length > bytesMax || new TextEncoder().encode(text).byteLength > bytesMax) return null;
  return { value: JSON.parse(text) };
};

/** What a program printed: the lines that fit, from the first on. */
export const boundedLogs = (logs: unknown, bytesMax: number): readonly string[] => {
  if (!Array.isArray(logs)) return [];
  const kept: string[] = [];
  let left = bytesMax;
  for (const each of logs) {
    const line = String(each);
    left -= line.length + 1;
    if (left < 0) return [...kept, "…"];
    kept.push(line);
  }
  return kept;
};
