/** A route as TanStack Start's manifest of a build describes it. */
export interface ManifestRoute {
  readonly children?: readonly string[];
  readonly preloads?: readonly string[];
}

/** Addresses of the chunks that a page of `route` names in its head: those of the route and of all above it. */
export const headOf = (routes: Readonly<Record<string, ManifestRoute>>, route: string): readonly string[] => {
  const parent = Object.entries(routes).find(([, { children }]) => children?.includes(route))?.[0];
  const above = parent === undefined ? [] : headOf(routes, parent);
  return [...new Set([...above, ...(routes[route]?.preloads ?? [])])];
};

const staticImport = /(?:\bfrom|\bimport)\s*["']([^"'()]+)["']/g;
const stylesheet = /["'`](\/assets\/[\w.-]+\.css)["'`]/g;

/** What a chunk cannot run without: chunks that it imports (not those that it asks for later) and stylesheets it names. */
export const needsOf = (chunk: string, source: string): readonly string[] => {
  const imported = [...source.matchAll(staticImport)].flatMap(([, specifier = ""]) =>
    specifier.startsWith(".") || specifier.startsWith("/") ? [new URL(specifier, `file://${chunk}`).pathname] : [],
  );
  const styles = [...source.matchAll(stylesheet)].map(([, path = ""]) => path);
  return [...new Set([...imported, ...styles])];
};

/** The chunks, everything they need, and everything that needs. */
export const closureOf = (chunks: readonly string[], read: (path: string) => string): readonly string[] => {
  const found = new Set<string>();
  const waiting = [...chunks];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    if (next.endsWith(".js")) waiting.push(...needsOf(next, read(next)));
  }
  return [...found].sort();
};
