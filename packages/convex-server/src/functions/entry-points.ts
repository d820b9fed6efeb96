import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";

const codeExtensions = [".js", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts", ".jsx"];

const byCodeUnits = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function* filesBelow(directory: string): Generator<string> {
  const entries = readdirSync(directory, { withFileTypes: true }).sort((a, b) => byCodeUnits(a.name, b.name));
  for (const entry of entries) {
    const path = join(directory, entry.name);
    if (entry.isFile()) yield path;
    // A directory with its own convex.config.ts is a component: it is deployed apart, never as plain modules.
    if (entry.isDirectory() && entry.name !== "node_modules" && !existsSync(join(path, "convex.config.ts"))) {
      yield* filesBelow(path);
    }
  }
}

const isTypeScriptModule = (path: string): boolean => /^\s{0,100}(import|export)/m.test(readFileSync(path, "utf8"));

/** Convex's own rules: which files below a functions folder are modules whose exports may be functions. */
const isEntryPoint = (folder: string, path: string): boolean => {
  const relativePath = relative(folder, path);
  const name = relativePath.slice(relativePath.lastIndexOf(sep) + 1);
  if (!codeExtensions.some((extension) => name.endsWith(extension))) return false;
  if (relativePath.startsWith(`_generated${sep}`) || relativePath.includes(" ")) return false;
  if (name.startsWith(".") || name.startsWith("#")) return false;
  if (name === "schema.ts" || name === "schema.js") return false;
  if (name.split(".").length > 2) return false;
  return /\.tsx?$/.test(name) ? isTypeScriptModule(path) : true;
};

/** Module file paths relative to `folder`, with forward slashes and extension, in code unit order. */
export const listEntryPoints = (folder: string): string[] =>
  [...filesBelow(folder)]
    .filter((path) => isEntryPoint(folder, path))
    .map((path) => relative(folder, path).split(sep).join("/"))
    .sort(byCodeUnits);

/** "dir/mod.ts" → "dir/mod", the name by which functions are called. */
export const modulePathOf = (file: string): string => file.replace(/\.[^./]*$/, "");
