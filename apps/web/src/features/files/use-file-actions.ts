import { absentFile, fileLimits } from "@threadbox/contracts/files";
import { showToast } from "@threadbox/ui/toast";
import { useMemo } from "react";
import { visibleText } from "../text/index.ts";
import type { Documents } from "./documents.ts";
import { fileErrorText } from "./file-error-text.ts";
import { asFailure, type FilesClient } from "./files-client.ts";
import type { FolderStore } from "./folder-store.ts";
import { saveAsFile } from "./save-as-file.ts";
import { filesTexts } from "./texts.ts";
import { folderOf, joinPath, nameOf, type TreeRow } from "./tree-rows.ts";

/** What a person does to files. Each says how it went; those that ask for a name resolve to a sentence where they fail. */
export interface FileActions {
  makeFile(folder: string, name: string): Promise<string | null>;
  makeFolder(folder: string, name: string): Promise<string | null>;
  rename(path: string, name: string): Promise<string | null>;
  /** Removes a file so that it can be had back, where that is possible; `removeForGood` removes anything. */
  remove(path: string): Promise<void>;
  removeForGood(path: string): Promise<void>;
  download(path: string): Promise<void>;
}

/** Whether what is removed can be had back: a plain file whose content fits. */
export const isRestorable = ({ kind, sizeBytes }: TreeRow): boolean =>
  kind === "file" && sizeBytes <= fileLimits.transferBytesMax;

const failed = (what: keyof typeof filesTexts.failedTo, error: unknown): string =>
  `${filesTexts.failedTo[what]} ${fileErrorText(asFailure(error))}`;

const sayFailed = (what: keyof typeof filesTexts.failedTo, error: unknown): void =>
  showToast({ title: failed(what, error), durationMs: 0 });

export interface FileActionsOptions {
  readonly client: FilesClient;
  readonly folders: FolderStore;
  readonly documents: Documents;
  /** A path is another one from now on; null: it is gone. */
  readonly onMoved: (from: string, to: string | null) => void;
}

export const useFileActions = ({ client, folders, documents, onMoved }: FileActionsOptions): FileActions =>
  useMemo(() => {
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
    const removeNow = async (path: string): Promise<void> => {
      await client.remove(path);
      documents.giveUp(path);
      onMoved(path, null);
      await folders.refresh();
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
          const bytes = await client.fetchBytes(path);
          await removeNow(path);
          const onSelect = () => void undoing(async () => void (await client.save(path, bytes, absentFile)));
          const title = filesTexts.removed(visibleText(nameOf(path)));
          // The content is nowhere else by now, so the way back stays until it is closed.
          showToast({ title, action: { label: filesTexts.undo, onSelect }, durationMs: 0 });
        } catch (error) {
          sayFailed("remove", error);
          await folders.refresh();
        }
      },
      removeForGood: async (path) => {
        try {
          await removeNow(path);
          showToast({ title: filesTexts.removed(visibleText(nameOf(path))) });
        } catch (error) {
          sayFailed("remove", error);
          await folders.refresh();
        }
      },
      download: async (path) => {
        try {
          saveAsFile(await client.fetchBytes(path), nameOf(path));
        } catch (error) {
          sayFailed("download", error);
        }
      },
    };
  }, [client, folders, documents, onMoved]);
