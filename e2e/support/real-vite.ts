import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

const root = join(import.meta.dirname, "../..");

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** The folder of a package as Node finds it from another's. */
const folderOf = (name: string, from: string): string | null => {
  for (let at = from; at.startsWith(root); at = dirname(at)) {
    const folder = join(at, "node_modules", name);
    if (existsSync(join(folder, "package.json"))) return folder;
  }
  return null;
};

/** The folders of a package and of everything that it needs on this machine. */
const withDependencies = (folder: string, found = new Set<string>()): ReadonlySet<string> => {
  if (found.has(folder)) return found;
  found.add(folder);
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
  for (const name of Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies })) {
    const needed = folderOf(name, folder);
    if (needed !== null) withDependencies(needed, found);
  }
  return found;
};

/** This repository's own Vite with all it needs, as an archive of `node_modules`: a sandbox needs no registry to run it. */
export const packVite = (): Buffer => {
  const vite = folderOf("vite", root);
  if (vite === null) throw new Error("There is no vite in node_modules.");
  const folders = [...withDependencies(vite)].map((folder) => relative(root, folder));
  return execFileSync("tar", ["-cz", "--exclude=*.map", "-C", root, ...folders], { maxBuffer: 256 * 1024 * 1024 });
};
