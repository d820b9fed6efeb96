import type { FileEntry } from "@threadbox/contracts/sandbox-host";
import { Effect, Schema } from "effect";
import type { StoredFile, WorkspaceStorage } from "./workspace-storage.ts";

/** The files that are copied, as whoever has them reads them. */
export interface SyncedFiles<E> {
  readonly list: (path: string) => Effect.Effect<readonly FileEntry[], E>;
  readonly read: (
    path: string,
  ) => Effect.Effect<{ readonly sizeBytes: number; readonly stream: ReadableStream<Uint8Array> }, E>;
}

/** What one copy of a workspace may come to. */
export const syncLimits = {
  filesMax: 20_000,
  fileBytesMax: 268_435_456,
  bytesMax: 1_073_741_824,
  /** Files that are on their way at once. */
  atOnce: 4,
} as const;

export interface SyncReport {
  readonly files: number;
  readonly bytes: number;
  readonly uploaded: number;
  readonly removed: number;
  readonly skipped: number;
}

/** The bucket does not answer, or refuses. */
export class CopyError extends Schema.TaggedError<CopyError>()("CopyError", {}) {
  readonly wireTag = "StoreUnavailable" as const;
  override get message() {
    return "Can't reach the storage of workspaces right now.";
  }
}

export const stored = <A>(work: () => Promise<A>): Effect.Effect<A, CopyError> =>
  Effect.tryPromise({ try: work, catch: () => new CopyError() });

type Found = FileEntry & { readonly path: string };

/** A file of the same size and time is the same one. */
const markOf = ({ sizeBytes, modifiedAt }: FileEntry): string => `${sizeBytes}@${modifiedAt}`;

/** What lies below, and whether that is all; what can't be copied is counted. */
const walk = <E>(files: SyncedFiles<E>, takes: (path: string) => boolean) =>
  Effect.gen(function* () {
    const found: Found[] = [];
    const folders = [""];
    let [bytes, skipped] = [0, 0];
    for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
      for (const entry of yield* files.list(folder)) {
        const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
        const isFit =
          entry.kind === "file" &&
          takes(path) &&
          entry.sizeBytes <= syncLimits.fileBytesMax &&
          bytes + entry.sizeBytes <= syncLimits.bytesMax &&
          found.length < syncLimits.filesMax;
        if (entry.kind === "directory") folders.push(path);
        else if (isFit) {
          bytes += entry.sizeBytes;
          found.push({ ...entry, path });
        } else skipped += 1;
      }
    }
    return { found, bytes, skipped };
  });

const upload = <E>(files: SyncedFiles<E>, storage: WorkspaceStorage, entry: Found) =>
  Effect.gen(function* () {
    const { stream, sizeBytes } = yield* files.read(entry.path);
    // One that grows or shrinks on the way fails; the next copy takes it as it is then.
    const sized = stream.pipeThrough(new FixedLengthStream(sizeBytes));
    yield* stored(() => storage.saveFile(entry.path, sized, markOf(entry)));
  });

const known = (storage: WorkspaceStorage) =>
  stored(async () => {
    const held = new Map<string, StoredFile>();
    for await (const file of storage.files()) held.set(file.path, file);
    return held;
  });

/** Makes the copy be what the workspace is: what is new or different goes there, what is gone goes. */
export const copyWorkspace = <E>(
  files: SyncedFiles<E>,
  storage: WorkspaceStorage,
): Effect.Effect<SyncReport, E | CopyError> =>
  Effect.gen(function* () {
    const { found, bytes, skipped } = yield* walk(files, (path) => storage.takes(path));
    const held = yield* known(storage);
    const changed = found.filter((entry) => held.get(entry.path)?.mark !== markOf(entry));
    yield* Effect.forEach(changed, (entry) => upload(files, storage, entry), {
      concurrency: syncLimits.atOnce,
      discard: true,
    });
    const paths = new Set(found.map(({ path }) => path));
    const gone = [...held.keys()].filter((path) => !paths.has(path));
    yield* stored(() => storage.deleteFiles(gone));
    return { files: found.length, bytes, uploaded: changed.length, removed: gone.length, skipped };
  });
