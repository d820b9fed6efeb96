import type { Terminal as TerminalState } from "@threadbox/contracts/terminal";
import type { WebSocket } from "ws";
import { Backlog } from "./backlog.ts";
import { backlogBytesMax, unseenBytesPerSecond } from "./protocol.ts";
import type { Pty } from "./pty.ts";
import { Reader } from "./reader.ts";

/**
 * One terminal and whoever reads it. Its program is read as fast as the fastest of them takes what it prints; the others
 * skip what is no longer kept when they come to it. While none does, it is read slowly.
 */
export class Terminal {
  readonly id: string;
  title: string;
  readonly #pty: Pty;
  readonly #backlog = new Backlog(backlogBytesMax);
  readonly #readers = new Set<Reader>();
  #end: { readonly exitCode: number | null } | null = null;
  #isClosed = false;
  #goOn: () => void = () => {};

  constructor(id: string, title: string, pty: Pty) {
    this.id = id;
    this.title = title;
    this.#pty = pty;
    void this.#run();
  }

  get state(): TerminalState {
    const { id, title } = this;
    const end = this.#end;
    return {
      id: id as TerminalState["id"],
      title,
      status: end === null ? "running" : "exited",
      exitCode: end?.exitCode ?? null,
    };
  }

  get isRunning(): boolean {
    return this.#end === null;
  }

  async #run(): Promise<void> {
    try {
      for await (const piece of this.#pty.output) {
        this.#backlog.append(piece);
        for (const reader of this.#readers) reader.read(this.#backlog);
        await this.#wait(piece.length);
      }
    } catch {
      // Cut short: the exit code says that it has ended.
    }
    const exitCode = await this.#pty.exitCode;
    this.#end = { exitCode: this.#isClosed ? null : exitCode };
    for (const reader of this.#readers) this.#deliver(reader);
  }

  #hasRoom(): boolean {
    return [...this.#readers].some((reader) => reader.hasRoom(this.#backlog));
  }

  /** Until somebody has room for more, or this much may have been printed unseen. */
  #wait(bytes: number): Promise<void> | undefined {
    if (this.#hasRoom()) return undefined;
    return new Promise((done) => {
      const timer = setTimeout(done, (bytes / unseenBytesPerSecond) * 1000);
      this.#goOn = () => {
        clearTimeout(timer);
        done();
      };
    });
  }

  #deliver(reader: Reader): void {
    const isAll = reader.read(this.#backlog);
    if (this.#end !== null && isAll) {
      this.#readers.delete(reader);
      reader.end(this.#end.exitCode);
    } else if (this.#hasRoom()) this.#goOn();
  }

  type(text: string): void {
    this.#pty.type(text);
  }

  resize(columns: number, rows: number): void {
    this.#pty.resize(columns, rows);
  }

  /** Sends what was printed from that position on, then what follows. */
  join(socket: WebSocket, position: number): Reader {
    const reader = new Reader(socket, position, this.#backlog);
    this.#readers.add(reader);
    this.#deliver(reader);
    return reader;
  }

  taken(reader: Reader, position: number): void {
    reader.take(position);
    this.#deliver(reader);
  }

  leave(reader: Reader): void {
    this.#readers.delete(reader);
  }

  close(): void {
    this.#isClosed = true;
    this.#pty.end();
  }
}
