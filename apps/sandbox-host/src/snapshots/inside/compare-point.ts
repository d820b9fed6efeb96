/**
 * `node compare-point.ts <folder> <most>`: standard input is restic's list of what a snapshot holds of that folder, standard
 * output how the folder differs from it, as `PointChanges`. Files are compared as rsync does: by kind, size, mode and time.
 */
import { lstatSync, readdirSync } from "node:fs";
import { createInterface } from "node:readline";

interface Node {
  readonly struct_type?: string;
  readonly type: string;
  readonly path: string;
  readonly size?: number;
  readonly mode?: number;
  readonly mtime: string;
}
type Change = "back" | "changed" | "gone";
interface Row {
  readonly path: string;
  readonly change: Change;
  files?: number;
}

const [folder = "", most = "0"] = process.argv.slice(2);
const charactersMax = 100_000;
/** What a person put aside in the page's own trash is none of their files. */
const trash = ".threadbox-removed";
/** Nobody reads these file by file. */
const folded = new Set([".git", "node_modules"]);

const permissions = 0o777;
const nanoseconds = (time: string): bigint => {
  const [, whole = "", fraction = ""] = /^(.*?)(?:\.(\d+))?Z$/.exec(time) ?? [];
  return BigInt(Date.parse(`${whole}Z`)) * 1_000_000n + BigInt(fraction.padEnd(9, "0") || "0");
};

const kept = new Map<string, string>();
const keptFolders = new Set<string>();
if (!process.stdin.isTTY) {
  for await (const line of createInterface({ input: process.stdin })) {
    const node = JSON.parse(line) as Node;
    if (node.struct_type !== "node" || !node.path.startsWith(`${folder}/`)) continue;
    const path = node.path.slice(folder.length + 1);
    if (path === trash || path.startsWith(`${trash}/`)) continue;
    if (node.type === "dir") keptFolders.add(path);
    else {
      const mode = node.type === "file" ? (node.mode ?? 0) & permissions : 0;
      kept.set(path, `${node.type === "file"} ${node.size ?? 0} ${mode} ${nanoseconds(node.mtime)}`);
    }
  }
}

const there = new Map<string, string>();
const thereFolders = new Set<string>();
const walk = (below: string): void => {
  for (const { name } of readdirSync(`${folder}/${below}`, { withFileTypes: true })) {
    const path = below === "" ? name : `${below}/${name}`;
    if (path === trash) continue;
    const stats = lstatSync(`${folder}/${path}`, { bigint: true, throwIfNoEntry: false });
    if (stats === undefined) continue;
    if (stats.isDirectory()) {
      thereFolders.add(path);
      walk(path);
    } else {
      const isFile = stats.isFile();
      const mode = isFile ? Number(stats.mode) & permissions : 0;
      there.set(path, `${isFile} ${isFile ? stats.size : 0} ${mode} ${stats.mtimeNs}`);
    }
  }
};
walk("");

const counts = { back: 0, changed: 0, gone: 0 };
const rows = new Map<string, Row>();
const note = (path: string, change: Change): void => {
  counts[change] += 1;
  const parts = path.split("/");
  const at = parts.findIndex((part) => folded.has(part));
  if (at === -1) rows.set(path, { path, change });
  else {
    const whole = parts.slice(0, at + 1).join("/");
    const row = rows.get(whole);
    rows.set(whole, {
      path: whole,
      change: row === undefined || row.change === change ? change : "changed",
      files: (row?.files ?? 0) + 1,
    });
  }
};
for (const [path, state] of kept) {
  const now = there.get(path);
  if (now !== state) note(path, now === undefined ? "back" : "changed");
}
for (const path of there.keys()) if (!kept.has(path)) note(path, "gone");

/** A folder counts where nothing in it does. */
const noteEmpty = (
  folders: ReadonlySet<string>,
  others: ReadonlySet<string>,
  held: ReadonlyMap<string, string>,
  change: Change,
) => {
  const full = new Set([...folders, ...held.keys()].map((path) => path.slice(0, Math.max(0, path.lastIndexOf("/")))));
  for (const path of folders) if (!others.has(path) && !full.has(path)) note(`${path}/`, change);
};
noteEmpty(keptFolders, thereFolders, kept, "back");
noteEmpty(thereFolders, keptFolders, there, "gone");

const sorted = [...rows.values()].sort((one, other) => (one.path < other.path ? -1 : 1));
const told: Row[] = [];
let characters = 0;
for (const row of sorted) {
  characters += row.path.length + 40;
  if (told.length >= Number(most) || characters > charactersMax) break;
  told.push(row);
}
console.log(JSON.stringify({ ...counts, rows: told, isCut: told.length < sorted.length }));
