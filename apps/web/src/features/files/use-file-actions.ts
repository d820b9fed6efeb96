import { absentFile } from "@threadbox/contracts/files";
import { showToast } from "@threadbox/ui/toast";
import { useMemo } from "react";
import { asSandboxFailure } from "../errors/index.ts";
import { visibleText } from "../text/index.ts";
import type { Documents } from "./documents.ts";
import type { Downloads } from "./downloads.ts";
import { fileErrorText } from "./file-error-text.ts";
import type { FilesClient } from "./files-client.ts";
import type { FolderStore } from "./folder-store.ts";
import { saveAsFile } from "./save-as-file.ts";
import { filesTexts } from "./texts.ts";
import { Trash } from "./trash.ts";
import { folderOf, isWithin, joinPath, nameOf } from "./tree-rows.ts";

/** What a person does to files. Each says how it went; those that ask for a name resolve to a sentence where they fail. */
export interface FileActions {
  makeFile(folder: string, name: string): Promise<string | null>;
  makeFolder(folder: string, name: string): Promise<string | null>;
  rename(path: string, name: string): Promise<string | null>;
  /** Removes a file or folder so that it can be had back; `full` where there is no room for that. */
  remove(path: string): Promise<"done" | "full">;
  removeForGood(path: string): Promise<void>;
  /** A folder is downloaded as an archive; the empty path is the workspace. */
  download(path: string, kind: "file" | "directory"): Promise<void>;
}

/** What the archive of the whole workspace is called. */
const workspaceName = "workspace";

const failed = (what: keyof typeof filesTexts.failedTo, error: unknown): string =>
  `${filesTexts.failedTo[what]} ${fileErrorText(asSandboxFailure(error))}`;

const sayFailed = (what: keyof typeof filesTexts.failedTo, error: unknown): void =>
  showToast({ title: failed(what, error), durationMs: 0 });

export interface FileActionsOptions {
  readonly client: FilesClient;
  readonly folders: FolderStore;
  readonly downloads: Downloads;
  readonly documents: Documents;
  /** A path is another one from now on; null: it is gone. */
  readonly onMoved: (from: string, to: string | null) => void;
}

export const useFileActions = ({ client, folders, downloads, documents, onMoved }: FileActionsOptions): FileActions =>
  useMemo(() => {
    const trash = new Trash(client);
    const moveTo = async (from: string, to: string): Promise<void> => {
      await client.move({ from, to });
      documents.moved(from, to);
      folders.moved(from, to);
      onMoved(from, to);
      await folders.refresh();
    };
    const undoing = async (act: () => Promise<void>): Promise<void> => {
      try {
        await act();
        await folders.refresh();
      } catch (error) {
        sayFailed("undo", error);
      }
    };
    const gone = (path: string): void => {
      documents.giveUp(path);
      onMoved(path, null);
    };
    const make = async (path: string, act: () => Promise<unknown>): Promise<string | null> => {
      try {
        await act();
      } catch (error) {
        return failed("make", error);
      }
      onMoved(path, path);
      folders.reveal(path);
      await folders.refresh();
      return null;
    };
    return {
      makeFile: (folder, name) => {
        const path = joinPath(folder, name);
        return make(path, () => client.save(path, new Blob([]), absentFile));
      },
      makeFolder: (folder, name) => {
        const path = joinPath(folder, name);
        return make(path, () => client.makeFolder(path));
      },
      rename: async (path, name) => {
        const to = joinPath(folderOf(path), name);
        if (to === path) return null;
        try {
          await moveTo(path, to);
        } catch (error) {
          return failed("move", error);
        }
        const onSelect = () => void undoing(() => moveTo(to, path));
        showToast({ title: filesTexts.renamed(visibleText(name)), action: { label: filesTexts.undo, onSelect } });
        return null;
      },
      remove: async (path) => {
        try {
          const removed = await trash.put(path, Date.now());
          const open = [...folders.read().expanded].filter((folder) => isWithin(folder, path));
          gone(path);
          await folders.refresh();
          const title = filesTexts.removed(visibleText(nameOf(path)));
          const onSelect = () =>
            void undoing(async () => {
              await removed.restore();
              for (const folder of open) folders.expand(folder);
            });
          // It lies there for as long as the way back is offered, so that stays until it is closed.
          showToast({ title, action: { label: filesTexts.undo, onSelect }, durationMs: 0, onDismiss: removed.forget });
        } catch (error) {
          if (asSandboxFailure(error).tag === "QuotaExceeded") return "full";
          sayFailed("remove", error);
          await folders.refresh();
        }
        return "done";
      },
      removeForGood: async (path) => {
        try {
          await client.remove(path);
          gone(path);
          showToast({ title: filesTexts.removed(visibleText(nameOf(path))) });
        } catch (error) {
          sayFailed("remove", error);
        }
        await folders.refresh();
      },
      download: async (path, kind) => {
        const name = path === "" ? workspaceName : nameOf(path);
        const fileName = kind === "file" ? name : `${name}.zip`;
        try {
          const downloaded = await downloads.fetch(path, kind, fileName);
          if (downloaded === null) return;
          saveAsFile(downloaded.bytes, fileName);
          const { leftOut } = downloaded;
          if (leftOut > 0) showToast({ title: filesTexts.leftOut(visibleText(fileName), leftOut) });
        } catch (error) {
          sayFailed("download", error);
        }
      },
    };
  }, [client, folders, downloads, documents, onMoved]);
