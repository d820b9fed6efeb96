import { Fault } from "../faults.ts";
import type { Document } from "../storage/documents.ts";
import type { Transaction } from "../transaction/transaction.ts";
import { insertInto, remove } from "../transaction/writes.ts";

/** The documents of stored files, as `db.system` shows them. */
export const filesTable = "_storage";

export interface FileMetadata {
  readonly storageId: string;
  /** Hex. */
  readonly sha256: string;
  readonly size: number;
  readonly contentType: string | null;
}

const metadataOf = ({ _id, sha256, size, contentType }: Document): FileMetadata => ({
  storageId: _id,
  sha256: String(sha256),
  size: Number(size),
  contentType: typeof contentType === "string" ? contentType : null,
});

/** The document of a stored file; null where there is none. Throws a fault for what is no id of a file. */
const documentOf = (transaction: Transaction, id: string): Document | null => {
  if (transaction.tableOf(id) !== filesTable) throw new Fault("Database", `Invalid storage ID: ${JSON.stringify(id)}`);
  return transaction.get(filesTable, id);
};

export const findFile = (transaction: Transaction, id: string): FileMetadata | null => {
  const document = documentOf(transaction, id);
  return document === null ? null : metadataOf(document);
};

/** Writes the document of a file and returns its id. */
export const insertFile = (transaction: Transaction, file: Omit<FileMetadata, "storageId">): string => {
  const { sha256, size, contentType } = file;
  return insertInto(transaction, filesTable, { sha256, size, ...(contentType === null ? {} : { contentType }) })._id;
};

/** `storage.delete`. */
export const removeFile = (transaction: Transaction, id: string): void => {
  const document = documentOf(transaction, id);
  if (document === null) throw new Fault("Database", `Stored file ${id} not found`);
  remove(transaction, filesTable, document);
};
