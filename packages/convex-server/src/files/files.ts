import { Buffer } from "node:buffer";
import { Fault } from "../faults.ts";
import type { Store } from "../storage/store.ts";
import type { Transaction } from "../transaction/transaction.ts";
import { FileLinks, type FilesAccess } from "./file-links.ts";
import { FileStore, type ReceivedFile } from "./file-store.ts";
import { filesTable, findFile, insertFile } from "./file-table.ts";

export interface Adopted extends ReceivedFile {
  readonly contentType: string | null;
  /** The SHA-256 that the bytes must have, in hex or base64; null where nothing is said. */
  readonly expected: string | null;
}

const isExpected = ({ sha256, expected }: Adopted): boolean =>
  expected === null || [sha256, Buffer.from(sha256, "hex").toString("base64")].includes(expected);

/** The stored files of a server: their bytes, documents and addresses. */
export class Files {
  readonly links: FileLinks;
  readonly #files: FileStore;

  constructor(store: Store, access: FilesAccess) {
    this.links = new FileLinks(access);
    this.#files = new FileStore(access.folder);
    const isKept = (id: string): boolean => store.committed.get(id) !== null;
    this.#files.sweep(isKept);
    store.onCommit((writes) => {
      if (writes.some(({ index }) => index.startsWith(`${filesTable}.`))) this.#files.forgetRemoved(isKept);
    });
  }

  get folder(): string {
    return this.#files.folder;
  }

  pathOf(id: string): string {
    return this.#files.pathOf(id);
  }

  /** Makes a stored file of what was received, and returns its id. Throws a fault where its bytes are not the expected ones. */
  adopt(transaction: Transaction, received: Adopted): string {
    if (!isExpected(received)) throw new Fault("InvalidRequest", "The SHA-256 of the file is another than was said.");
    const { sha256, size, contentType } = received;
    const id = insertFile(transaction, { sha256, size, contentType });
    this.#files.adopt(received, id);
    return id;
  }

  /** What was received and could not be adopted. */
  drop(received: ReceivedFile): void {
    this.#files.drop(received);
  }

  /** Where the bytes of a file lie, for code of this machine; null without such a file. */
  locate(transaction: Transaction, id: string): { readonly path: string; readonly contentType: string | null } | null {
    const file = findFile(transaction, id);
    return file === null ? null : { path: this.#files.pathOf(id), contentType: file.contentType };
  }

  readonly noteRemoved = (id: string): void => this.#files.noteRemoved(id);
}
