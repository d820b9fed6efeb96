import type { TerminalEventFrame } from "@threadbox/contracts/terminal";
import type { WebSocket } from "ws";
import type { Backlog } from "./backlog.ts";
import { windowBytes } from "./protocol.ts";

/** One message; a piece of output may be as long. */
const messageBytesMax = 64 * 1024;

/** Whoever reads a terminal, as fast as it says that it has taken what came. */
export class Reader {
  readonly #socket: WebSocket;
  /** Positions of what was sent, and of what was taken. */
  #sent: number;
  #taken: number;

  constructor(socket: WebSocket, position: number, { start, end }: Backlog) {
    this.#socket = socket;
    // A position that this terminal never had is of another one.
    this.#sent = position >= start && position <= end ? position : start;
    this.#taken = this.#sent;
    this.#tell({ type: "from", position: this.#sent, liveFrom: end });
  }

  #tell(frame: TerminalEventFrame): void {
    this.#socket.send(JSON.stringify(frame));
  }

  get #room(): number {
    return windowBytes - (this.#sent - this.#taken);
  }

  /** Whether it has been sent all there is, and may be sent more. */
  hasRoom({ end }: Backlog): boolean {
    return this.#sent === end && this.#room > 0;
  }

  take(position: number): void {
    this.#taken = Math.max(this.#taken, Math.min(position, this.#sent));
  }

  /** Sends what there is, as far as there is room; of what was dropped meanwhile it says how much. True: that was all. */
  read(backlog: Backlog): boolean {
    while (this.#sent < backlog.end && this.#room > 0) {
      if (this.#sent < backlog.start) {
        this.#sent = backlog.start;
        this.#taken = backlog.start;
        // Keys that are pressed now are meant: nothing of this was printed before the reader came.
        this.#tell({ type: "from", position: backlog.start, liveFrom: backlog.start });
      }
      const piece = backlog.read(this.#sent, Math.min(this.#room, messageBytesMax));
      this.#sent += piece.length;
      this.#socket.send(piece);
    }
    return this.#sent === backlog.end;
  }

  end(exitCode: number | null): void {
    this.#tell({ type: "exited", exitCode });
    this.#socket.close(1000);
  }
}
