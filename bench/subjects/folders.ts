import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

let top: string | undefined;

/** A new folder that is gone when the bench ends. */
export const newFolder = (name: string): string => {
  top ??= mkdtempSync(join(tmpdir(), "threadbox-bench-"));
  return mkdtempSync(join(top, `${name}-`));
};

export const removeFolders = (): void => {
  if (top !== undefined) rmSync(top, { recursive: true, force: true });
};
