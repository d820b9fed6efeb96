import type { ChangedFile } from "@threadbox/contracts/changes";
import { absentFile, type OpenedFile } from "@threadbox/contracts/files";
import { WireFailure } from "../errors/index.ts";
import type { FilesClient } from "../files/index.ts";
import { type Hunk, takeBack } from "./hunks.ts";
import { changesTexts } from "./texts.ts";

/** What takes a revert back; where the file has changed since, it rejects and changes nothing. */
export type Undo = () => Promise<void>;

type RevertClient = Pick<FilesClient, "open" | "save" | "remove">;

const byteOrderMark = "\uFEFF";

const changedMeanwhile = () => new WireFailure("VersionConflict", changesTexts.changedMeanwhile);

/** The whole text of a file. */
const textOf = ({ content }: OpenedFile): string => {
  if (content.kind !== "text") throw changedMeanwhile();
  return `${content.hasBom ? byteOrderMark : ""}${content.text}`;
};

const bytesOf = (text: string): Blob => new Blob([text]);

/** Whether what changed in this file can be taken back here: plain text whose every change is known. */
export const isRevertible = ({ kind }: ChangedFile, hunks: readonly Hunk[] | null): boolean =>
  kind === "file" && hunks !== null && hunks.length > 0;

/**
 * Takes some of a file's hunks back: all of them give the file as it was where the work began. What is not as it was compared
 * is left alone: VersionConflict.
 */
export const revert = async (
  client: RevertClient,
  { path, change }: ChangedFile,
  hunks: readonly Hunk[],
): Promise<Undo> => {
  if (change === "deleted") {
    const text = takeBack("", hunks);
    if (text === null) throw changedMeanwhile();
    await client.save(path, bytesOf(text), absentFile);
    return async () => {
      if (textOf(await client.open(path)) !== text) throw changedMeanwhile();
      await client.remove(path);
    };
  }
  const opened = await client.open(path);
  const text = textOf(opened);
  const reverted = takeBack(text, hunks);
  if (reverted === null) throw changedMeanwhile();
  if (change === "added") {
    if (reverted !== "") throw changedMeanwhile();
    await client.remove(path);
    return async () => void (await client.save(path, bytesOf(text), absentFile));
  }
  const { version } = await client.save(path, bytesOf(reverted), opened.version);
  return async () => void (await client.save(path, bytesOf(text), version));
};
