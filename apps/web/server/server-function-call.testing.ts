export type PlainText = string | { readonly [key: string]: PlainText };

/** A call as the framework's client writes it. */
export const callBody = (data: PlainText): string => {
  let nextId = 0;
  const node = (value: PlainText): object => {
    if (typeof value === "string") return { t: 1, s: value };
    const id = nextId++;
    return { t: 10, i: id, p: { k: Object.keys(value), v: Object.values(value).map(node) }, o: 0 };
  };
  return JSON.stringify({ t: node({ data }), f: 63, m: [] });
};
