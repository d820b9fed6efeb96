/** Small things that this device remembers. Storage may be closed to us, or full: then they are chosen again. */

/** Whether the browser keeps anything for this site; it may be told not to, and then signing in can't work either. */
export const hasMemory = (): boolean => {
  try {
    return localStorage.length >= 0;
  } catch {
    return false;
  }
};

/** Null forgets. */
export const remember = (key: string, value: string | null): void => {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // Nobody's work is lost with it.
  }
};

/** Null where nothing is remembered, or nothing can be. */
export const recall = (key: string): string | null => {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
};
