/** Kinds of node in seroval's JSON, the form in which the framework sends what a server function is called with. */
const kind = { string: 1, object: 10 } as const;

/** Deepest nesting of a payload; deeper ones are made by hand. */
const depthMax = 8;

const field = (node: unknown, name: string): unknown =>
  typeof node === "object" && node !== null && Object.hasOwn(node, name) ? Reflect.get(node, name) : undefined;

/** Writes plain objects of strings anew, so that nothing else of the client's words is decoded; null for all others. */
class Rewriter {
  #nextId = 0;

  node(node: unknown, depth: number): object | null {
    const text = field(node, "s");
    if (field(node, "t") === kind.string && typeof text === "string") return { t: kind.string, s: text };
    return field(node, "t") === kind.object && depth <= depthMax ? this.#object(field(node, "p"), depth) : null;
  }

  #object(properties: unknown, depth: number): object | null {
    const keys = field(properties, "k");
    const values = field(properties, "v");
    if (!Array.isArray(keys) || !Array.isArray(values) || keys.length !== values.length) return null;
    if (!keys.every((key) => typeof key === "string")) return null;
    const id = this.#nextId++;
    const rewritten = values.map((value) => this.node(value, depth + 1));
    return rewritten.includes(null) ? null : { t: kind.object, i: id, p: { k: keys, v: rewritten }, o: 0 };
  }
}

/** The payload of a call if it is plain text in plain objects; undefined otherwise. */
export const plainPayload = (sent: unknown): object | undefined => {
  const root = new Rewriter().node(field(sent, "t"), 0);
  return root !== null && field(root, "t") === kind.object ? { t: root, f: 63, m: [] } : undefined;
};
