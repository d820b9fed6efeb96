import { archiveLimits, removedFolder } from "@threadbox/contracts/files";
import type { FileEntry } from "@threadbox/contracts/sandbox-host";
import { Effect } from "effect";
import { RequestRefusedError } from "../../http/failure.ts";
import type { SandboxError, WorkspaceFiles } from "../sandbox/index.ts";

const listedAtOnce = 8;

/** One file or folder that goes into an archive. */
export interface Member {
  /** Relative to the workspace. */
  readonly path: string;
  readonly kind: "file" | "directory";
  readonly modifiedAt: number;
}

/** What an archive will hold, as the folders were listed. */
export interface ArchivePlan {
  /** A folder comes before what is in it. */
  readonly members: readonly Member[];
  readonly sizeBytes: number;
  /** Links, pipes and the like, and folders of installed packages: they stay where they are. */
  readonly leftOut: number;
}

export const archiveTooLarge = () =>
  new RequestRefusedError({
    wireTag: "BodyTooLarge",
    message: `A folder of up to ${archiveLimits.membersMax.toLocaleString("en")} entries and ${archiveLimits.bytesMax / 1024 / 1024} MB can be downloaded at once. Download a folder inside it.`,
  });

const isLeftOut = ({ kind, name }: FileEntry): boolean =>
  kind === "symlink" || kind === "other" || (kind === "directory" && name === "node_modules");

const join = (folder: string, name: string): string => (folder === "" ? name : `${folder}/${name}`);

/** What is gone by the time it is looked into is no reason to keep the rest. */
const listFound = (files: WorkspaceFiles, path: string) =>
  files.list(path).pipe(
    Effect.catchTags({
      SandboxNotFoundError: () => Effect.succeed([]),
      PathOutsideWorkspaceError: () => Effect.succeed([]),
    }),
    Effect.map((entries) => ({ path, entries })),
  );

/** Looks through a folder, level by level, and follows no link. Refuses what is more than one archive may hold. */
export const planArchive = Effect.fn("planArchive")(function* (
  files: WorkspaceFiles,
  folder: string,
): Effect.fn.Return<ArchivePlan, SandboxError | RequestRefusedError> {
  const members: Member[] = [];
  let [sizeBytes, leftOut] = [0, 0];
  let level = [{ path: folder, entries: yield* files.list(folder) }];
  while (level.length > 0) {
    const folders: string[] = [];
    for (const { path, entries } of level) {
      for (const entry of entries) {
        const { name, kind, modifiedAt } = entry;
        if (path === "" && name === removedFolder) continue;
        if (isLeftOut(entry) || kind === "symlink" || kind === "other") {
          leftOut += 1;
          continue;
        }
        const member = { path: join(path, name), kind, modifiedAt };
        members.push(member);
        if (kind === "directory") folders.push(member.path);
        else sizeBytes += entry.sizeBytes;
      }
      if (members.length > archiveLimits.membersMax || sizeBytes > archiveLimits.bytesMax) {
        return yield* archiveTooLarge();
      }
    }
    level = yield* Effect.forEach(folders, (path) => listFound(files, path), { concurrency: listedAtOnce });
  }
  return { members, sizeBytes, leftOut };
});
