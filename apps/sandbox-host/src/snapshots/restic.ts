import { pointLimits } from "@threadbox/contracts/point-limits";
import type { SavePoint } from "@threadbox/contracts/points";
import { Result, Schema } from "effect";

/** Where things are in the jail in which files are saved and brought back. */
export const inSnapshots = {
  root: "/saved",
  workspace: "/saved/workspace",
  home: "/saved/home",
  repository: "/repository",
  node: "/opt/threadbox/bin/node",
  programs: "/opt/threadbox/snapshots",
} as const;

const openCodeData = `${inSnapshots.home}/.local/share/opencode`;
const database = "opencode.db";
const copyFolder = `${inSnapshots.home}/.local/share/threadbox`;

/** Never saved: credentials, what the copy of the database stands for, and what OpenCode makes anew. */
const left = ["auth.json", "mcp-auth.json", `${database}*`, "log", "bin"];

/** Of the home only OpenCode's data is saved, so that nothing a program keeps there as a credential is. */
const sources = [inSnapshots.workspace, openCodeData, copyFolder];

export const copyDatabaseCommand = [
  inSnapshots.node,
  `${inSnapshots.programs}/copy-database.ts`,
  `${openCodeData}/${database}`,
  `${copyFolder}/${database}`,
] as const;

/** They say of a snapshot what restic doesn't. A cause and a message's id are plain letters. */
const tagsOf = ({ cause, after }: SavePoint): string =>
  [`cause:${cause}`, ...(after ? [`after:${after}`] : [])].join(",");

/** Ends of the scripts that are no fault of restic's. */
export const scriptExit = { tooLarge: 71, overQuota: 72 } as const;

/** Nobody else has hold of the repository: a lock is of a process that was killed, and would keep this one out. */
const begin =
  'set -u; rm -f /repository/locks/*; IFS= read -r RESTIC_PASSWORD; export RESTIC_PASSWORD; r() { restic --no-cache "$@"; }; ';
const { allDays, dailyDays } = pointLimits;
const keep = `--keep-last 10 --keep-within ${allDays}d --keep-within-daily ${dailyDays}d`;
/** Where that is too much. */
const keepLess = "--keep-last 10 --keep-within-hourly 1d --keep-within-daily 14d";

const forget = (kept: string): string => `r forget --quiet --group-by host ${kept} --prune >&2; `;

/** All of some days are kept, then one of each day. Where that is too much, fewer; at last only the newest. */
const thin = (storeMibMax: number): string => {
  const isTooMuch = `[ "$(du --summarize --block-size=1M /repository | cut -f 1)" -gt ${storeMibMax} ]`;
  const last = `${forget("--keep-last 1")}! ${isTooMuch} || exit ${scriptExit.overQuota}`;
  return `${forget(keep)}if ${isTooMuch}; then ${forget(keepLess)}if ${isTooMuch}; then ${last}; fi; fi; `;
};

export interface SaveScript {
  readonly point: SavePoint;
  /** What all files together may hold, holes in sparse ones included, because they are brought back as a whole. */
  readonly mibMax: number;
  /** Whether old snapshots are forgotten first, and their bytes given back. */
  readonly isThinned: boolean;
  /** What the snapshots of before may take together when they are thinned. */
  readonly storeMibMax: number;
}

/** Saves the mounted files. Standard input: the password. Standard output: restic's JSON lines. */
export const saveScript = ({ point, mibMax, isThinned, storeMibMax }: SaveScript): string =>
  `${begin}` +
  `total=$(du --summarize --apparent-size --block-size=1M --total ${sources.join(" ")} 2>/dev/null | tail -n 1 | cut -f 1); ` +
  `[ "\${total:-0}" -le ${mibMax} ] || exit ${scriptExit.tooLarge}; ` +
  "[ -e /repository/config ] || r init --quiet >&2 || exit 1; " +
  (isThinned ? thin(storeMibMax) : "") +
  `bytes=$(du --summarize --apparent-size --block-size=1 ${inSnapshots.workspace} | cut -f 1); ` +
  `r backup --json --quiet --host threadbox --one-file-system --tag "${tagsOf(point)},bytes:\${bytes:-0}" ` +
  `${left.map((name) => `--exclude '${openCodeData}/${name}'`).join(" ")} ${sources.join(" ")}`;

/** Which of a sandbox's disks are brought back. */
export type RestoredPart = "workspace" | "home";

/** restic writes a sparse file out; its holes are dug again, and its times kept. */
const digHoles =
  `find ${inSnapshots.workspace} -xdev -type f -size +1M -exec sh -c ` +
  `'for file; do at=$(stat -c %y "$file"); fallocate --dig-holes "$file"; touch --date="$at" "$file"; done' sh {} + ; `;

/** Prints each second how many KiB have been brought back. */
const tell = (parts: readonly RestoredPart[]): string =>
  `( while sleep 1; do echo "done $(du --summarize --block-size=1K --total ` +
  `${parts.map((part) => inSnapshots[part]).join(" ")} 2>/dev/null | tail -n 1 | cut -f 1)"; done ) & `;

/** How far a restore has come, 0 to 99 percent, from what it has printed; undefined before that is known. */
export const readProgress = (output: string): number | undefined => {
  const total = /"total_size":(\d+)/.exec(output)?.[1];
  const done = [...output.matchAll(/^done (\d+)\n/gm)].at(-1)?.[1];
  if (total === undefined || done === undefined) return undefined;
  return Math.min(99, Math.floor((Number(done) * 1024 * 100) / Math.max(1, Number(total))));
};

/** Brings a snapshot back into empty disks. Standard input: the password. Standard output: see `readProgress`. */
export const restoreScript = (parts: readonly RestoredPart[], id = "latest"): string =>
  `${begin}cd ${inSnapshots.root}; r stats ${id} --mode restore-size --json || exit 1; ${tell(parts)}` +
  `r restore ${id} --quiet --target / ${parts.map((part) => `--include ${inSnapshots[part]}`).join(" ")} >&2 || exit 1; ` +
  `${digHoles}` +
  // A home that was there has a database that is newer than the copy.
  (parts.includes("home")
    ? `if [ -e ${copyFolder}/${database} ]; then mkdir -p ${openCodeData} && mv ${copyFolder}/${database} ${openCodeData}/${database}; fi`
    : "true");

/** Brings the workspace of one snapshot back into an empty one. Standard input and output: as of `restoreScript`. */
export const restorePointScript = (id: string, bytes: number): string =>
  `${begin}cd ${inSnapshots.root}; echo '{"total_size":${bytes}}'; ${tell(["workspace"])}` +
  `r restore ${id} --quiet --target / --include ${inSnapshots.workspace} >&2 || exit 1; ${digHoles}true`;

/** Beside whatever else reads the repository. */
const look =
  'set -u -o pipefail; IFS= read -r RESTIC_PASSWORD; export RESTIC_PASSWORD; r() { restic --no-cache --no-lock "$@"; }; ' +
  'p() { env -u RESTIC_PASSWORD "$@"; }; ';
const program = (name: string): string =>
  `p ${inSnapshots.node} --max-old-space-size=256 ${inSnapshots.programs}/${name}`;

/** Prints the newest snapshots, as `inside/list-points.ts` has them. Standard input: the password. */
export const listScript = `${look}r snapshots --json | ${program("list-points.ts")} ${pointLimits.pointsMax}`;

/** Prints how the workspace differs from that of a snapshot, as `inside/compare-point.ts` has it. */
export const compareScript = (id: string): string =>
  `${look}r ls --json --recursive ${id} ${inSnapshots.workspace} | ` +
  `${program("compare-point.ts")} ${inSnapshots.workspace} ${pointLimits.pathsMax}`;

/** The same for what is not in any snapshot: nothing. */
export const compareNothing = [
  inSnapshots.node,
  `${inSnapshots.programs}/compare-point.ts`,
  inSnapshots.workspace,
  `${pointLimits.pathsMax}`,
] as const;

const Summary = Schema.Struct({
  message_type: Schema.Literal("summary"),
  snapshot_id: Schema.String.check(Schema.isPattern(/^[0-9a-f]{8,64}$/)),
  total_bytes_processed: Schema.Number,
  data_added: Schema.Number,
});
const decodeSummary = Schema.decodeUnknownResult(Schema.fromJsonString(Summary));

export interface BackupSummary {
  readonly id: string;
  /** Bytes that were new and were added. */
  readonly addedBytes: number;
}

/** What restic said of a snapshot that it made; undefined where it made none. */
export const readSummary = (output: string): BackupSummary | undefined => {
  for (const line of output.trim().split("\n").reverse()) {
    const summary = decodeSummary(line);
    if (Result.isSuccess(summary)) return { id: summary.success.snapshot_id, addedBytes: summary.success.data_added };
  }
  return undefined;
};
