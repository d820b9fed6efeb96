import type { AcceptChanges, Changes, GitMarks } from "./changes.ts";
import type {
  FoundFiles,
  JoinUpload,
  LargestFiles,
  ListedFolders,
  MakeFolder,
  MoveFile,
  OpenedFile,
  SavedFile,
} from "./files.ts";
import type { BeginOffshoot, PointChanges, RestoredFiles, RestoreFiles, ThreadPoints } from "./points.ts";
import type { MadePreviewLink, MakePreviewLink, PreviewLinks } from "./preview-links.ts";
import type { RunningCommands } from "./processes.ts";
import type { CloneRepository, CloneState, SetTrust, WorkspaceTrust } from "./repository.ts";
import type { ChooseProvider } from "./sandbox.ts";
import type { RenameTerminal, Terminal, Terminals } from "./terminal.ts";
import type { ListeningPorts, OpenedView, OpenView } from "./views.ts";

/**
 * The worker's routes to a thread's computer, opened by the thread's token: `Authorization: Bearer`, and on a socket the
 * query's `token`. Constants and types only; apart from `workerApi`, so that a thread's first load does not grow by it.
 */
export const computerApi = {
  /** `path` in the query, once for each folder. */
  listFolders: { method: "GET", path: "/api/sandbox/:threadId/folders" },
  makeFolder: { method: "POST", path: "/api/sandbox/:threadId/folders" },
  /** Of a file, as of all below that name none in their path: `path` in the query. */
  openFile: { method: "GET", path: "/api/sandbox/:threadId/file" },
  /** The bytes; `version` in the query is the state that they replace. */
  saveFile: { method: "PUT", path: "/api/sandbox/:threadId/file" },
  removeFile: { method: "DELETE", path: "/api/sandbox/:threadId/file" },
  /** Answered with the bytes, as an attachment. */
  downloadFile: { method: "GET", path: "/api/sandbox/:threadId/file-bytes" },
  /** Answered with a ZIP, and `archiveHeaders`. */
  downloadFolder: { method: "GET", path: "/api/sandbox/:threadId/folder-archive" },
  /** Answered with all that a tool has printed, as far as OpenCode has kept it; `id` (`wholeOutput` of `ToolOutput`) in the query. */
  downloadOutput: { method: "GET", path: "/api/sandbox/:threadId/tool-output" },
  /** Makes one file of parts that were saved. */
  joinUpload: { method: "POST", path: "/api/sandbox/:threadId/uploads" },
  moveFile: { method: "POST", path: "/api/sandbox/:threadId/moves" },
  /** `query` in the query. */
  searchFiles: { method: "GET", path: "/api/sandbox/:threadId/file-search" },
  listLargestFiles: { method: "GET", path: "/api/sandbox/:threadId/largest-files" },
  /** In the `scope`, or of the `turn`, that the query names; of one file with `path` there. */
  listChanges: { method: "GET", path: "/api/sandbox/:threadId/changes" },
  acceptChanges: { method: "POST", path: "/api/sandbox/:threadId/accepted-changes" },
  /** What the thread's files can be restored to; `before` in the query names a message. */
  listPoints: { method: "GET", path: "/api/sandbox/:threadId/points" },
  comparePoint: { method: "GET", path: "/api/sandbox/:threadId/points/:pointId/changes" },
  restoreFiles: { method: "POST", path: "/api/sandbox/:threadId/restores" },
  /** Begins another thread of the user's with what this one was. */
  beginOffshoot: { method: "POST", path: "/api/sandbox/:threadId/offshoots" },
  listProcesses: { method: "GET", path: "/api/sandbox/:threadId/processes" },
  /** `start` in the query is the process's `startTicks`. */
  stopProcess: { method: "DELETE", path: "/api/sandbox/:threadId/processes/:pid" },
  listGitMarks: { method: "GET", path: "/api/sandbox/:threadId/git-marks" },
  /** Fills an empty workspace with a repository, and goes on when it has been answered. */
  cloneRepository: { method: "POST", path: "/api/sandbox/:threadId/repository" },
  readClone: { method: "GET", path: "/api/sandbox/:threadId/repository" },
  /** Whether OpenCode and the agent take what lies in the workspace at its word. */
  readTrust: { method: "GET", path: "/api/sandbox/:threadId/trust" },
  /** Before the sandbox's first start. Starts nothing. */
  chooseProvider: { method: "PUT", path: "/api/sandbox/:threadId/provider" },
  setTrust: { method: "PUT", path: "/api/sandbox/:threadId/trust" },
  listTerminals: { method: "GET", path: "/api/sandbox/:threadId/terminals" },
  openTerminal: { method: "POST", path: "/api/sandbox/:threadId/terminals" },
  renameTerminal: { method: "PUT", path: "/api/sandbox/:threadId/terminals/:terminalId" },
  closeTerminal: { method: "DELETE", path: "/api/sandbox/:threadId/terminals/:terminalId" },
  /** A WebSocket. */
  joinTerminal: { method: "GET", path: "/api/sandbox/:threadId/terminals/:terminalId/socket" },
  listPorts: { method: "GET", path: "/api/sandbox/:threadId/ports" },
  openView: { method: "POST", path: "/api/sandbox/:threadId/views" },
  listPreviewLinks: { method: "GET", path: "/api/sandbox/:threadId/preview-links" },
  makePreviewLink: { method: "POST", path: "/api/sandbox/:threadId/preview-links" },
  revokePreviewLink: { method: "DELETE", path: "/api/sandbox/:threadId/preview-links/:linkId" },
} as const;

/** The JSON that a route takes as its body. */
export interface ComputerBodies {
  readonly makeFolder: MakeFolder;
  readonly moveFile: MoveFile;
  readonly joinUpload: JoinUpload;
  readonly acceptChanges: AcceptChanges;
  readonly cloneRepository: CloneRepository;
  readonly setTrust: SetTrust;
  readonly chooseProvider: ChooseProvider;
  readonly restoreFiles: RestoreFiles;
  readonly beginOffshoot: BeginOffshoot;
  readonly renameTerminal: RenameTerminal;
  readonly openView: OpenView;
  readonly makePreviewLink: MakePreviewLink;
}

/** The body of each route's good answer, where it is JSON. */
export interface ComputerAnswers {
  readonly listFolders: ListedFolders;
  readonly openFile: OpenedFile;
  readonly saveFile: SavedFile;
  readonly searchFiles: FoundFiles;
  readonly listLargestFiles: LargestFiles;
  readonly listChanges: Changes;
  readonly listGitMarks: GitMarks;
  readonly listPoints: ThreadPoints;
  readonly comparePoint: PointChanges;
  readonly restoreFiles: RestoredFiles;
  readonly beginOffshoot: Readonly<Record<never, never>>;
  readonly listProcesses: RunningCommands;
  readonly cloneRepository: CloneState;
  readonly readClone: CloneState;
  readonly readTrust: WorkspaceTrust;
  readonly setTrust: WorkspaceTrust;
  readonly chooseProvider: ChooseProvider;
  readonly listTerminals: Terminals;
  readonly openTerminal: Terminal;
  readonly renameTerminal: Terminal;
  readonly listPorts: ListeningPorts;
  readonly openView: OpenedView;
  readonly listPreviewLinks: PreviewLinks;
  readonly makePreviewLink: MadePreviewLink;
}
