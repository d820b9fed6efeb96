import { Buffer } from "node:buffer";
import type { JSONValue } from "convex/values";
import { decodeDocumentId } from "../../values/document-id.ts";
import type { Blobs } from "./blobs.ts";
import { current } from "./invocation.ts";

const batchSize = 64;

/**
 * The surface that the client library's server half calls as the global `Convex`. What needs the database is asked of
 * whoever runs the function; what must be answered at once is answered here.
 */
export class Syscalls {
  #tables: Readonly<Record<string, number>> = {};
  #lastStream = 0;
  readonly #blobs: Blobs | null;

  /** `blobs`: what actions have for files' bytes. */
  constructor(blobs: Blobs | null) {
    this.#blobs = blobs;
  }

  setTables(numbers: Readonly<Record<string, number>>): void {
    this.#tables = numbers;
  }

  readonly surface = {
    syscall: (op: string, args: string): string => this.#atOnce(op, JSON.parse(args)),
    asyncSyscall: (op: string, args: string): Promise<string> =>
      op === "1.0/queryStreamNext" ? this.#nextDocument(JSON.parse(args).queryId) : current().ask(op, args),
    jsSyscall: (op: string, args: Readonly<Record<string, unknown>>): Promise<unknown> => {
      const answer = this.#blobs?.call(op, args) ?? null;
      if (answer === null) throw new Error(`${op} is not supported by the embedded server.`);
      return answer;
    },
  };

  #atOnce(op: string, args: Record<string, JSONValue>): string {
    switch (op) {
      case "1.0/queryStream": {
        this.#lastStream += 1;
        current().streams.set(this.#lastStream, { query: args.query ?? null, documents: [], isDone: false });
        return JSON.stringify({ queryId: this.#lastStream });
      }
      case "1.0/queryCleanup":
        current().streams.delete(Number(args.queryId));
        return "{}";
      case "1.0/db/normalizeId": {
        const id = String(args.idString);
        const number = this.#tables[String(args.table)];
        const isOfTable = number !== undefined && decodeDocumentId(id)?.tableNumber === number;
        return JSON.stringify({ id: isOfTable ? id : null });
      }
      case "1.0/getSnapshotTs": {
        const bytes = new DataView(new ArrayBuffer(8));
        bytes.setBigInt64(0, BigInt(current().snapshotTimestamp), true);
        return JSON.stringify({ $integer: Buffer.from(bytes.buffer).toString("base64") });
      }
      default:
        throw new Error(`${op} is not supported by the embedded server.`);
    }
  }

  async #nextDocument(queryId: number): Promise<string> {
    const stream = current().streams.get(queryId);
    if (stream === undefined) throw new Error("This query is closed.");
    if (stream.documents.length === 0 && !stream.isDone) {
      const { query } = stream;
      stream.query = null;
      const batch = JSON.parse(
        await current().ask("1.0/queryStreamNext", JSON.stringify({ queryId, query, count: batchSize })),
      );
      stream.documents = batch.documents;
      stream.isDone = batch.isDone;
    }
    const document = stream.documents.shift();
    return document === undefined ? '{"value":null,"done":true}' : `{"value":${document},"done":false}`;
  }
}
