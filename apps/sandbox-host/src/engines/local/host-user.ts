/** The user under which a sandbox runs on the host. */
export interface HostUser {
  readonly uid: number;
  readonly gid: number;
}

/** Above every range that systemd, useradd and container tools give out, below the sign bit. */
const wideRange = { first: 0x70000000, size: 0x1000000 };
/** Unused by Debian and systemd, for hosts that know 16-bit ids only (a container with a short id map). */
const narrowRange = { first: 60_578, size: 605 };

/** True when `/proc/self/uid_map` text gives the id a meaning. */
export const isMapped = (idMap: string, id: number): boolean =>
  idMap.split("\n").some((line) => {
    const [first, , count] = line.trim().split(/\s+/).map(Number);
    return first !== undefined && count !== undefined && id >= first && id < first + count;
  });

/**
 * A user of the sandbox's own, the same at every start, because it owns the workspace. Derived from the sandbox's
 * name; in the narrow range two sandboxes may share one.
 */
export const hostUserOf = (name: string, idMap: string): HostUser => {
  const digest = Number.parseInt(name.slice(0, 6), 16);
  const wide = wideRange.first + (digest % wideRange.size);
  const id = isMapped(idMap, wide) ? wide : narrowRange.first + (digest % narrowRange.size);
  return { uid: id, gid: id };
};
