import { Schema } from "effect";
import { FileEntry } from "./sandbox-host.ts";

/** Bounds of the routes by which a person works on the files of a workspace. */
export const fileLimits = {
  /** Longest path, in characters; the file system counts bytes and refuses what it does not take. */
  pathLengthMax: 4096,
  /** Folders that one request lists. */
  foldersMax: 64,
  /** Largest text that is opened in an editor and saved from it, in bytes. */
  textBytesMax: 2 * 1024 * 1024,
  /** Largest file that is uploaded or downloaded, in bytes. */
  transferBytesMax: 100 * 1024 * 1024,
  /** Names that a search finds. */
  foundMax: 200,
  /** How many of the largest are told. */
  largestMax: 50,
  /** Longest text to search for, in characters. */
  queryLengthMax: 200,
} as const;

/**
 * In the workspace: where what a person removed lies for as long as that can be undone. It tells git to ignore it, and
 * neither the tree, a search, an archive nor the changes show it.
 */
export const removedFolder = ".threadbox-removed";

/** A file larger than a part is sent in parts of so many bytes, the last one shorter, so that it can go on where it broke off. */
export const uploadPartBytes = 4 * 1024 * 1024;

/** Bounds of a folder that is downloaded as one archive. */
export const archiveLimits = {
  /** Files and folders. */
  membersMax: 10_000,
  /** All files together. */
  bytesMax: 200 * 1024 * 1024,
} as const;

/** Headers of `GET /api/sandbox/:threadId/folder-archive?path=…`, whose answer is a ZIP. */
export const archiveHeaders = {
  /** Bytes of all files, as they were listed: about what will arrive. */
  sizeBytes: "x-archive-bytes",
  /** How many links, pipes and `node_modules` stayed where they are. */
  leftOut: "x-archive-left-out",
} as const;

/** Names one state of a file's content. Opaque: it is compared, and means nothing else. */
export const FileVersion = Schema.String.check(Schema.isPattern(/^[A-Za-z0-9._-]{1,128}$/));
export type FileVersion = typeof FileVersion.Type;

/** In the place of a version: the file must not exist yet. */
export const absentFile = "absent";

export const FilePath = Schema.String.check(Schema.isMaxLength(fileLimits.pathLengthMax));

/** One folder of the workspace; `entries` is null where there is none of that path any more. */
export const ListedFolder = Schema.Struct({
  /** Relative to the workspace, without a slash at either end; the workspace itself is the empty text. */
  path: Schema.String,
  /** Sorted by name. */
  entries: Schema.NullOr(Schema.Array(FileEntry)),
});
export type ListedFolder = typeof ListedFolder.Type;

/** Answer of `GET /api/sandbox/:threadId/folders?path=…`, one or several times `path`. */
export const ListedFolders = Schema.Struct({ folders: Schema.Array(ListedFolder) });
export type ListedFolders = typeof ListedFolders.Type;

/** What a file holds, as far as an editor can take it. */
export const FileContent = Schema.Union([
  /** UTF-8. `text` is without the byte order mark and with the file's own line ends. */
  Schema.Struct({ kind: Schema.Literal("text"), text: Schema.String, hasBom: Schema.Boolean }),
  /** No UTF-8, or text with a NUL. `picture`: begins as PNG, JPEG, GIF or WebP do; `document`: as a PDF does. */
  Schema.Struct({ kind: Schema.Literal("binary"), shownAs: Schema.Literals(["picture", "document", "nothing"]) }),
  Schema.Struct({ kind: Schema.Literal("tooLarge"), shownAs: Schema.Literals(["document", "nothing"]) }),
]);
export type FileContent = typeof FileContent.Type;

/** Answer of `GET /api/sandbox/:threadId/file?path=…`. */
export const OpenedFile = Schema.Struct({
  path: Schema.String,
  sizeBytes: Schema.Int,
  version: FileVersion,
  content: FileContent,
});
export type OpenedFile = typeof OpenedFile.Type;

/**
 * Answer of `PUT /api/sandbox/:threadId/file?path=…&version=…`, whose body is the file's bytes. With `version` the file
 * must still be in that state, or, with `absentFile`, not exist: 409 VersionConflict otherwise.
 */
export const SavedFile = Schema.Struct({ version: FileVersion });
export type SavedFile = typeof SavedFile.Type;

/**
 * Body of `POST /api/sandbox/:threadId/uploads`: the parts that lie in `folder`, which is one below `removedFolder`, as `0`,
 * `1` and so on, become one file, and the folder goes. 409 VersionConflict where there is one of that path already, unless it is to
 * be replaced; the parts stay then. ValidationError where they aren't all there.
 */
export const JoinUpload = Schema.Struct({
  folder: FilePath.check(Schema.isPattern(/^\.threadbox-removed\/[0-9a-z]{1,20}-[0-9]{1,10}$/)),
  sizeBytes: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: fileLimits.transferBytesMax })),
  path: FilePath,
  isReplacing: Schema.Boolean,
});
export type JoinUpload = typeof JoinUpload.Type;

/** Body of `POST /api/sandbox/:threadId/moves`; 409 VersionConflict where there is something at `to` already. */
export const MoveFile = Schema.Struct({ from: FilePath, to: FilePath });
export type MoveFile = typeof MoveFile.Type;

/** Body of `POST /api/sandbox/:threadId/folders`. */
export const MakeFolder = Schema.Struct({ path: FilePath });
export type MakeFolder = typeof MakeFolder.Type;

/** Answer of `GET /api/sandbox/:threadId/file-search?query=…`. */
export const FoundFiles = Schema.Struct({
  files: Schema.Array(Schema.Struct({ path: Schema.String, kind: FileEntry.fields.kind })),
  /** True where there are more. */
  isCut: Schema.Boolean,
});
export type FoundFiles = typeof FoundFiles.Type;

/** What takes most room in the workspace, the largest first; a `node_modules` or `.git` is one of them, as a whole. */
export const LargestFiles = Schema.Struct({
  files: Schema.Array(
    Schema.Struct({ path: Schema.String, kind: Schema.Literals(["file", "directory"]), sizeBytes: Schema.Int }),
  ),
  /** What the workspace takes of its disk, and the disk's size; null where it has no disk of its own. */
  disk: Schema.NullOr(Schema.Struct({ usedBytes: Schema.Int, sizeBytes: Schema.Int })),
});
export type LargestFiles = typeof LargestFiles.Type;
