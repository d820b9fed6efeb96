import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { listEntryPoints, modulePathOf } from "../functions/entry-points.ts";
import { reservedWords } from "./reserved-words.ts";

const template = (name: string): string => readFileSync(new URL(`./templates/${name}.txt`, import.meta.url), "utf8");

/** The import name that the Convex CLI gives a module in `api.d.ts`. */
export const moduleIdentifier = (modulePath: string): string => {
  const name = modulePath.replace(/[/-]/g, "_");
  return reservedWords.has(name) ? `${name}_` : name;
};

const propertyName = (modulePath: string): string =>
  /^[A-Za-z_$][\w$]*$/.test(modulePath) ? modulePath : JSON.stringify(modulePath);

/** `api.d.ts` for these module paths, as the Convex CLI formats it. */
export const apiDeclaration = (modulePaths: readonly string[]): string => {
  const imports = modulePaths.map((path) => `import type * as ${moduleIdentifier(path)} from "../${path}.js";\n`);
  const members = modulePaths.map((path) => `  ${propertyName(path)}: typeof ${moduleIdentifier(path)};\n`);
  return template("api.d.ts")
    .replace("/*IMPORTS*/\n", () => imports.join(""))
    .replace("/*MEMBERS*/", () => (members.length > 0 ? `\n${members.join("")}` : ""));
};

const hasSchema = (folder: string): boolean =>
  existsSync(join(folder, "schema.ts")) || existsSync(join(folder, "schema.js"));

/** Every file of `_generated` by name, with its content, for the functions in `folder`. */
export const generatedFiles = (folder: string): ReadonlyMap<string, string> =>
  new Map([
    ["dataModel.d.ts", template(hasSchema(folder) ? "dataModel.d.ts" : "dataModel-without-schema.d.ts")],
    ["server.js", template("server.js")],
    ["server.d.ts", template("server.d.ts")],
    ["api.js", template("api.js")],
    ["api.d.ts", apiDeclaration(listEntryPoints(folder).map(modulePathOf))],
  ]);
