import { readdir, readFile } from "node:fs/promises";
import { extname, join, posix, relative, sep } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { PageConfig } from "./config.ts";
import { baseHeaders, fileCacheControl } from "./headers.ts";

const contentTypes: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".txt": "text/plain; charset=utf-8",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
};

const compressible = new Set([".css", ".js", ".json", ".svg", ".txt", ".webmanifest"]);

type Encoding = "br" | "gzip" | "identity";

const encode: Readonly<Record<Encoding, (bytes: Buffer<ArrayBuffer>) => Promise<Buffer<ArrayBuffer>>>> = {
  // Level 9 costs a tenth of the time of 11 for a few per cent of size; each file is compressed once.
  br: (bytes) => promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
  gzip: (bytes) => promisify(gzip)(bytes, { level: 9 }),
  identity: (bytes) => Promise.resolve(bytes),
};

interface StaticFile {
  readonly bytes: Buffer<ArrayBuffer>;
  readonly type: string;
  readonly isCompressible: boolean;
  readonly variants: Map<Encoding, Promise<Buffer<ArrayBuffer>>>;
}

const chooseEncoding = (accepted: string | null, isCompressible: boolean): Encoding => {
  if (!isCompressible || accepted === null) return "identity";
  const names = accepted.split(",").map((entry) => entry.split(";")[0]?.trim());
  return names.includes("br") ? "br" : names.includes("gzip") ? "gzip" : "identity";
};

/**
 * The files of the build, read once at the start: no path of a request reaches the file system, and a build that is
 * made meanwhile takes nothing away from the pages of this one.
 */
export const openStatics = async (directory: string, page: PageConfig) => {
  const files = new Map<string, StaticFile>();
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const extension = extname(entry.name);
    files.set(posix.join("/", relative(directory, path).split(sep).join("/")), {
      bytes: await readFile(path),
      type: contentTypes[extension] ?? "application/octet-stream",
      isCompressible: compressible.has(extension),
      variants: new Map(),
    });
  }

  const variant = (file: StaticFile, encoding: Encoding): Promise<Buffer<ArrayBuffer>> => {
    const known = file.variants.get(encoding);
    if (known !== undefined) return known;
    const made = encode[encoding](file.bytes);
    file.variants.set(encoding, made);
    return made;
  };

  /** Answers for a file of the build, or null for any other path. */
  return async (request: Request): Promise<Response | null> => {
    if (request.method !== "GET" && request.method !== "HEAD") return null;
    const { pathname } = new URL(request.url);
    const file = files.get(pathname);
    if (file === undefined) return null;
    const encoding = chooseEncoding(request.headers.get("accept-encoding"), file.isCompressible);
    const bytes = await variant(file, encoding);
    return new Response(request.method === "HEAD" ? null : bytes, {
      headers: {
        ...baseHeaders(page),
        "content-type": file.type,
        "content-length": String(bytes.byteLength),
        "cache-control": fileCacheControl(pathname),
        ...(file.isCompressible ? { vary: "accept-encoding" } : {}),
        ...(encoding === "identity" ? {} : { "content-encoding": encoding }),
      },
    });
  };
};
