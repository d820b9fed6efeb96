import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { Fault } from "../faults.ts";
import { fileSizeMax, receiveFile } from "../files/file-store.ts";
import { findFile } from "../files/file-table.ts";
import type { Files } from "../files/files.ts";
import type { Runner } from "../functions/runner.ts";
import { noSchema } from "../storage/schema.ts";
import type { Store } from "../storage/store.ts";
import { Transaction } from "../transaction/transaction.ts";
import type { HttpContext } from "./request-context.ts";

export interface FilesApiOptions {
  readonly files: Files;
  readonly runner: Pick<Runner, "transact">;
  readonly store: Store;
  readonly now: () => number;
}

/** The first and last byte that a `Range` header asks for; null for the whole file, "none" for what it does not have. */
const rangeOf = (header: string | undefined, size: number): readonly [number, number] | "none" | null => {
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? [];
  if (first === "" && last === "") return null;
  const from = first === "" ? Math.max(size - Number(last), 0) : Number(first);
  const to = first === "" || last === "" ? size - 1 : Math.min(Number(last), size - 1);
  return from > to ? "none" : [from, to];
};

/** The SHA-256 that a `Digest` header names, in base64. */
const digestOf = (header: string | undefined): string | null =>
  /(?:^|,)\s*sha-256=([^,\s]+)/i.exec(header ?? "")?.[1] ?? null;

const base64 = (hex: string): string => Buffer.from(hex, "hex").toString("base64");

/** The addresses that `storage.generateUploadUrl` and `storage.getUrl` give out. */
export const filesApi = ({ files, runner, store, now }: FilesApiOptions): Hono<{ Bindings: HttpBindings }> => {
  const upload = async (context: HttpContext): Promise<Response> => {
    if (!files.links.mayUpload(context.req.query("token") ?? "", now())) {
      return context.json({ code: "InvalidStorageToken", message: "The upload address is not valid any more." }, 403);
    }
    if (Number(context.req.header("content-length") ?? 0) > fileSizeMax) {
      return context.json({ code: "BodyTooLarge", message: `A file may have ${fileSizeMax} bytes at most.` }, 413);
    }
    const received = await receiveFile(files.folder, context.req.raw.body ?? new Blob([]).stream());
    const contentType = context.req.header("content-type") ?? null;
    const expected = digestOf(context.req.header("digest"));
    try {
      const storageId = await runner.transact((transaction) =>
        files.adopt(transaction, { ...received, contentType, expected }),
      );
      return context.json({ storageId });
    } catch (thrown) {
      files.drop(received);
      throw thrown;
    }
  };

  const fetchFile = (context: HttpContext): Response => {
    const id = files.links.fileOf(context.req.param("name") ?? "");
    const file = id === null ? null : findFile(new Transaction("query", store, noSchema), id);
    if (file === null) return context.json({ code: "FileNotFound", message: "There is no such file." }, 404);
    const { size, contentType, sha256 } = file;
    const headers: Record<string, string> = {
      "accept-ranges": "bytes",
      "cache-control": "private, max-age=2592000",
      digest: `sha-256=${base64(sha256)}`,
      "x-content-type-options": "nosniff",
      // Anybody's bytes must not run as this server's page.
      "content-security-policy": "sandbox; default-src 'none'",
      ...(contentType === null ? {} : { "content-type": contentType }),
    };
    const range = rangeOf(context.req.header("range"), size);
    if (range === "none") return new Response(null, { status: 416, headers: { "content-range": `bytes */${size}` } });
    const [from, to] = range ?? [0, size - 1];
    headers["content-length"] = String(to - from + 1);
    if (range !== null) headers["content-range"] = `bytes ${from}-${to}/${size}`;
    const status = range === null ? 200 : 206;
    if (context.req.method === "HEAD" || size === 0) return new Response(null, { status, headers });
    const bytes = createReadStream(files.pathOf(file.storageId), { start: from, end: to });
    return new Response(Readable.toWeb(bytes) as ReadableStream, { status, headers });
  };

  const routes = new Hono<{ Bindings: HttpBindings }>();
  routes.post("/upload", upload);
  routes.get("/:name", fetchFile);
  routes.onError((thrown) => {
    if (thrown instanceof Fault && thrown.code === "Limit")
      return Response.json({ code: "BodyTooLarge", message: thrown.message }, { status: 413 });
    throw thrown;
  });
  return routes;
};
