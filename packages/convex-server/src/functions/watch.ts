import { type FSWatcher, watch } from "node:fs";
import { dirname, sep } from "node:path";

const debounceMs = 50;

const isRelevant = (name: string | null): boolean =>
  name === null || !(name.startsWith(`_generated${sep}`) || name.startsWith(".") || name.endsWith("~"));

/**
 * Calls `onChange` shortly after files in `folder`, or next to the other `sources`, have changed. Calls do not
 * overlap; changes during one lead to one more.
 */
export const watchFunctions = (
  folder: string,
  sources: () => readonly string[],
  onChange: () => Promise<void>,
): { close(): void } => {
  const watchers = new Map<string, FSWatcher>();
  let timer: NodeJS.Timeout | null = null;
  let isBusy = false;
  let isClosed = false;

  const run = async (): Promise<void> => {
    timer = null;
    if (isBusy) return schedule();
    isBusy = true;
    try {
      await onChange();
    } finally {
      isBusy = false;
      follow();
    }
  };
  const schedule = (): void => {
    if (timer !== null) clearTimeout(timer);
    if (!isClosed) timer = setTimeout(() => void run(), debounceMs);
  };
  const add = (directory: string, recursive: boolean): void => {
    if (watchers.has(directory)) return;
    watchers.set(
      directory,
      watch(directory, { recursive }, (_, name) => {
        if (isRelevant(name)) schedule();
      }),
    );
  };
  /** Watches the folders of sources outside; packages from the registry do not change under us. */
  const follow = (): void => {
    if (isClosed) return;
    for (const source of sources()) {
      if (!source.startsWith(folder + sep) && !source.includes(`${sep}node_modules${sep}`)) add(dirname(source), false);
    }
  };

  add(folder, true);
  follow();
  return {
    close() {
      isClosed = true;
      if (timer !== null) clearTimeout(timer);
      for (const watcher of watchers.values()) watcher.close();
    },
  };
};
