import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { generatedFiles } from "./generated-files.ts";

/**
 * Writes `_generated` of a functions folder without a Convex deployment, and returns what to say about it. `--dir <folder>`
 * names the folder (default `convex`). With `--check` nothing is written, and what is out of date is thrown.
 */
export const runCodegen = (args: readonly string[]): string => {
  const { values } = parseArgs({
    args: [...args],
    options: { dir: { type: "string", default: "convex" }, check: { type: "boolean", default: false } },
  });
  const folder = resolve(values.dir);
  if (!existsSync(folder)) throw new Error(`No functions folder at ${folder}.`);
  const target = join(folder, "_generated");
  const files = generatedFiles(folder);
  const present = existsSync(target) ? readdirSync(target) : [];
  const stale = present.filter((name) => !files.has(name) && name !== "ai");
  const different = [...files].filter(
    ([name, text]) => !present.includes(name) || readFileSync(join(target, name), "utf8") !== text,
  );
  const names = [...different.map(([name]) => name), ...stale];
  if (values.check) {
    if (names.length === 0) return `${target} is up to date.`;
    throw new Error(`Out of date in ${target}: ${names.join(", ")}. Run codegen and commit the result.`);
  }
  mkdirSync(target, { recursive: true });
  for (const [name, text] of different) writeFileSync(join(target, name), text);
  for (const name of stale) rmSync(join(target, name), { recursive: true });
  return `${target}: ${names.length} of ${files.size} files changed.`;
};
