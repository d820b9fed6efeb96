import * as fs from "node:fs";
import * as path from "node:path";
import type { TrialChange, TrialStart } from "./protocol.ts";

type Folders = Pick<TrialStart, "workspace" | "lower" | "upper" | "limits">;

const find = (at: string): fs.Stats | undefined => fs.lstatSync(at, { throwIfNoEntry: false });
const isGone = (stat: fs.Stats): boolean => stat.isCharacterDevice() && stat.rdev === 0;
const executable = 0o111;

/**
 * How the copy of a workspace differs from it, file by file. `upper` holds what was written, with a device of number zero for
 * what was removed; everything else is as in `lower`.
 */
export const trialChanges = ({ workspace, lower, upper, limits }: Folders) => {
  const changes = new Map<string, TrialChange>();
  const unshown: string[] = [];
  let bytes = 0;

  const leaveOut = (what: string): void => {
    if (unshown.length < limits.unshownMax) unshown.push(what);
  };
  const put = (at: string, content: Buffer | null): void => {
    bytes += content?.byteLength ?? 0;
    if (changes.size >= limits.filesMax) leaveOut(`more than ${limits.filesMax} files`);
    else if (bytes > limits.bytesMax) leaveOut(`more than ${limits.bytesMax / 1024 / 1024} MiB`);
    else changes.set(at, { path: at, content: content?.toString("base64") ?? null });
  };
  const isFull = (): boolean => unshown.length >= limits.unshownMax || changes.size > limits.filesMax;

  const removed = (at: string): void => {
    const stat = find(path.join(lower, at));
    if (stat === undefined || isFull()) return;
    if (stat.isFile()) put(at, null);
    else if (stat.isDirectory()) for (const name of fs.readdirSync(path.join(lower, at))) removed(path.join(at, name));
    else leaveOut(`${at} (a link or a special file)`);
  };
  const file = (at: string, stat: fs.Stats): void => {
    const before = find(path.join(lower, at));
    const mode = before?.isFile() ? before.mode : 0;
    if ((stat.mode & executable) !== (mode & executable)) {
      leaveOut(`${at} (its mode)`);
      return;
    }
    if (before !== undefined && !before.isFile()) removed(at);
    if (stat.size > limits.bytesMax) {
      leaveOut(`${at} (its size)`);
      return;
    }
    const content = fs.readFileSync(path.join(upper, at));
    const isSame =
      before?.isFile() && before.size === stat.size && fs.readFileSync(path.join(lower, at)).equals(content);
    if (!isSame) put(at, content);
  };
  const folder = (at: string): void => {
    const below = fs.readdirSync(path.join(upper, at));
    // A folder that was made anew hides what was in it.
    if (find(path.join(lower, at))?.isDirectory()) {
      for (const name of fs.readdirSync(path.join(lower, at))) {
        if (!below.includes(name) && find(path.join(workspace, at, name)) === undefined) removed(path.join(at, name));
      }
    } else if (at !== "") removed(at);
    for (const name of below) {
      if (isFull()) return;
      const inside = path.join(at, name);
      const stat = find(path.join(upper, inside));
      if (name.includes("\uFFFD")) leaveOut(`${inside} (its name)`);
      else if (stat === undefined) continue;
      else if (isGone(stat)) removed(inside);
      else if (stat.isDirectory()) folder(inside);
      else if (stat.isFile()) file(inside, stat);
      else leaveOut(`${inside} (a link or a special file)`);
    }
  };
  try {
    folder("");
  } catch (error) {
    leaveOut(`what can't be read (${error instanceof Error && "code" in error ? String(error.code) : "an error"})`);
  }
  return { changes: [...changes.values()], unshown };
};
