import type { JSONValue } from "convex/values";
import { Fault } from "../faults.ts";
import type { FileLinks } from "../files/file-links.ts";
import { findFile, removeFile } from "../files/file-table.ts";
import type { Transaction } from "../transaction/transaction.ts";
import { type CallArgs, textArg } from "./call-args.ts";

/** What functions need of the stored files. */
export interface FrameFiles {
  readonly links: FileLinks;
  /** Told of a document that a transaction removes, if it commits. */
  readonly noteRemoved: (id: string) => void;
}

const requireWriter = ({ kind }: Transaction): void => {
  if (kind !== "mutation") throw new Fault("InvalidRequest", "Queries cannot change stored files.");
};

/** Answers the calls about stored files that all functions share; undefined for any other call. */
export const fileCall = (
  transaction: Transaction,
  { links, noteRemoved }: FrameFiles,
  call: { readonly op: string; readonly args: CallArgs; readonly now: number },
): JSONValue | undefined => {
  const { op, args, now } = call;
  switch (op) {
    case "1.0/storageGetUrl": {
      const file = findFile(transaction, textArg(args, "storageId"));
      return file === null ? null : links.fileUrl(file.storageId);
    }
    case "1.0/storageGetMetadata": {
      const file = findFile(transaction, textArg(args, "storageId"));
      return file === null ? null : { ...file };
    }
    case "1.0/storageGenerateUploadUrl":
      requireWriter(transaction);
      return links.uploadUrl(now);
    case "1.0/storageDelete": {
      requireWriter(transaction);
      const id = textArg(args, "storageId");
      removeFile(transaction, id);
      noteRemoved(id);
      return {};
    }
  }
};
