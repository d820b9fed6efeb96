import { Buffer } from "node:buffer";
import { createHmac, timingSafeEqual } from "node:crypto";

/** What whoever makes or reads addresses of files has to know. */
export interface FilesAccess {
  /** Absolute path of the folder that holds the files. */
  readonly folder: string;
  /** 32 bytes that seal addresses. */
  readonly key: Uint8Array;
  /** Origin of the server, as clients reach it. */
  readonly origin: string;
}

/** Convex's own: an upload has to begin within the hour. */
const uploadMs = 3_600_000;
export const filesPath = "/api/storage";

/** Addresses at which files are put and fetched; nobody can make up one. */
export class FileLinks {
  readonly #key: Uint8Array;
  readonly #origin: string;

  constructor({ key, origin }: Pick<FilesAccess, "key" | "origin">) {
    this.#key = key;
    this.#origin = origin;
  }

  #seal(purpose: "upload" | "file", text: string): string {
    return createHmac("sha256", this.#key).update(`${purpose}:${text}`).digest("base64url");
  }

  #isSealed(purpose: "upload" | "file", text: string, seal: string): boolean {
    const [given, wanted] = [Buffer.from(seal), Buffer.from(this.#seal(purpose, text))];
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  }

  /** Where one may put files for the next hour. */
  uploadUrl(now: number): string {
    const until = String(Math.floor(now) + uploadMs);
    return `${this.#origin}${filesPath}/upload?token=${until}.${this.#seal("upload", until)}`;
  }

  mayUpload(token: string, now: number): boolean {
    const [until = "", seal = ""] = token.split(".");
    return this.#isSealed("upload", until, seal) && Number(until) >= now;
  }

  fileUrl(id: string): string {
    return `${this.#origin}${filesPath}/${id}.${this.#seal("file", id)}`;
  }

  /** The id of the file that the last part of an address names; null for one that was made up. */
  fileOf(name: string): string | null {
    const [id = "", seal = ""] = name.split(".");
    return this.#isSealed("file", id, seal) ? id : null;
  }
}
