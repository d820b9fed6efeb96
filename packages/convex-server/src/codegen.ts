/**
 * Writes `_generated` of a functions folder without a Convex deployment.
 * `--dir <folder>` names the folder (default `convex`); `--check` writes nothing and exits 1 on a difference.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { generatedFiles } from "./codegen/generated-files.ts";

const { values } = parseArgs({
  options: { dir: { type: "string", default: "convex" }, check: { type: "boolean", default: false } },
});

const folder = resolve(values.dir);
if (!existsSync(folder)) {
  console.error(`No functions folder at ${folder}.`);
  process.exit(2);
}

const target = join(folder, "_generated");
const files = generatedFiles(folder);
const present = existsSync(target) ? readdirSync(target) : [];
const stale = present.filter((name) => !files.has(name) && name !== "ai");
const different = [...files].filter(
  ([name, text]) => !present.includes(name) || readFileSync(join(target, name), "utf8") !== text,
);

if (values.check) {
  const names = [...different.map(([name]) => name), ...stale];
  if (names.length > 0) {
    console.error(`Out of date in ${target}: ${names.join(", ")}. Run codegen and commit the result.`);
    process.exit(1);
  }
} else {
  mkdirSync(target, { recursive: true });
  for (const [name, text] of different) writeFileSync(join(target, name), text);
  for (const name of stale) rmSync(join(target, name), { recursive: true });
  console.log(`${target}: ${different.length + stale.length} of ${files.size} files changed.`);
}
