import type { JSONValue } from "convex/values";
import { decodeDocumentId } from "../../values/document-id.ts";
import { current, type Send } from "./invocation.ts";

interface Waiting {
  readonly invocation: number;
  readonly resolve: (value: string) => void;
  readonly reject: (error: Error) => void;
}

const batchSize = 64;

/**
 * The surface that the client library's server half calls as the global `Convex`. What needs the database goes to
 * the server as a message; what must be answered at once is answered here.
 */
export class SyscallPort {
  readonly #send: Send;
  readonly #entered: (invocation: number) => void;
  readonly #waiting = new Map<number, Waiting>();
  #tables: Readonly<Record<string, number>> = {};
  #lastCall = 0;
  #lastStream = 0;

  /** `entered` is told which function is about to continue. */
  constructor(send: Send, entered: (invocation: number) => void) {
    this.#send = send;
    this.#entered = entered;
  }

  setTables(numbers: Readonly<Record<string, number>>): void {
    this.#tables = numbers;
  }

  answer(call: number, value: string): void {
    this.#take(call)?.resolve(value);
  }

  refuse(call: number, message: string, data: JSONValue | undefined): void {
    const error = new Error(message);
    this.#take(call)?.reject(data === undefined ? error : Object.assign(error, { data }));
  }

  readonly surface = {
    syscall: (op: string, args: string): string => this.#atOnce(op, JSON.parse(args)),
    asyncSyscall: (op: string, args: string): Promise<string> =>
      op === "1.0/queryStreamNext" ? this.#nextDocument(JSON.parse(args).queryId) : this.#ask(op, args),
    jsSyscall: (op: string): never => {
      throw new Error(
        op.startsWith("storage/")
          ? "File storage is not supported by the embedded server."
          : `${op} is not supported by the embedded server.`,
      );
    },
  };

  #take(call: number): Waiting | undefined {
    const waiting = this.#waiting.get(call);
    this.#waiting.delete(call);
    if (waiting !== undefined) this.#entered(waiting.invocation);
    return waiting;
  }

  #ask(op: string, args: string): Promise<string> {
    const { id } = current();
    this.#lastCall += 1;
    const call = this.#lastCall;
    return new Promise((resolve, reject) => {
      this.#waiting.set(call, { invocation: id, resolve, reject });
      this.#send({ type: "syscall", id, call, op, args });
    });
  }

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
        await this.#ask("1.0/queryStreamNext", JSON.stringify({ queryId, query, count: batchSize })),
      );
      stream.documents = batch.documents;
      stream.isDone = batch.isDone;
    }
    const document = stream.documents.shift();
    return document === undefined ? '{"value":null,"done":true}' : `{"value":${document},"done":false}`;
  }
}
