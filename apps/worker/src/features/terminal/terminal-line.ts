import { closeCode } from "@threadbox/contracts/errors";
import { type TerminalEventFrame, TerminalPageFrame, type TerminalSize } from "@threadbox/contracts/terminal";
import { Option, Schema } from "effect";
import { type Bucket, fullBucket, type Rate, takeFrom } from "../../platform/bucket.ts";
import { OutputWindow } from "./output-window.ts";

/** A person's keys, a mouse that is moved and the page's own word of what it took. */
const frameRate: Rate = { capacity: 1_000, perSecond: 300 };
/** Longest frame of a page: one `input` frame with every character escaped. */
const frameLengthMax = 128 * 1024;
/** Input that waits while the terminal is let go of, in UTF-16 units. */
const waitingLengthMax = 64 * 1024;
const notOurFrame = 1008;

const decodeFrame = Schema.decodeUnknownOption(Schema.fromJsonString(TerminalPageFrame));
const decodeCursor = Schema.decodeUnknownOption(Schema.fromJsonString(Schema.Struct({ cursor: Schema.Int })));

/** What happens to a line that takes longer than a moment to answer. */
export type Signal =
  | { readonly kind: "attach" | "resize" }
  | { readonly kind: "released"; readonly code: number; readonly reason: string }
  | { readonly kind: "end"; readonly code: number; readonly reason: string };

export const end = (code: number, reason: string): Signal => ({ kind: "end", code, reason });

/** One page at one terminal: what either side says is passed on at once, and what has to be seen to is signalled. */
export class TerminalLine {
  readonly #page: WebSocket;
  readonly #signal: (signal: Signal) => void;
  readonly #now: () => number;
  readonly #window: OutputWindow;
  #terminal: WebSocket | null = null;
  #waiting = "";
  #frames: Bucket;
  #size: TerminalSize | null = null;
  #isOver = false;

  constructor(page: WebSocket, position: number, signal: (signal: Signal) => void, now: () => number) {
    this.#page = page;
    this.#window = new OutputWindow(position);
    this.#signal = signal;
    this.#now = now;
    this.#frames = fullBucket(frameRate, now());
    page.binaryType = "arraybuffer";
    page.accept();
    page.addEventListener("message", ({ data }) => this.#hearPage(data as string | ArrayBuffer));
    page.addEventListener("close", () => signal(end(1000, "")));
    page.addEventListener("error", () => signal(end(1000, "")));
  }

  /** The position from which the terminal is to be asked. */
  attach(): number {
    return this.#window.attach();
  }

  /** The terminal answers on this socket, which is accepted here. */
  take(terminal: WebSocket): void {
    terminal.binaryType = "arraybuffer";
    terminal.accept();
    if (this.#isOver) {
      terminal.close(1000, "");
      return;
    }
    this.#terminal = terminal;
    const release = (code: number, reason: string) => {
      if (this.#terminal !== terminal) return;
      this.#terminal = null;
      this.#signal({ kind: "released", code, reason });
    };
    terminal.addEventListener("message", ({ data }) => {
      if (this.#terminal === terminal) this.#hearTerminal(data as string | ArrayBuffer);
    });
    terminal.addEventListener("close", ({ code, reason }) => release(code, reason));
    terminal.addEventListener("error", () => release(closeCode.upstream, ""));
    if (this.#waiting !== "") terminal.send(this.#waiting);
    this.#waiting = "";
  }

  /** The size that the page wants, once. */
  takeSize(): TerminalSize | null {
    const size = this.#size;
    this.#size = null;
    return size;
  }

  tell(frame: TerminalEventFrame): void {
    if (this.#page.readyState === WebSocket.OPEN) this.#page.send(new TextEncoder().encode(JSON.stringify(frame)));
  }

  close(code: number, reason: string): void {
    this.#isOver = true;
    this.#letGo();
    if (this.#page.readyState < WebSocket.CLOSING) this.#page.close(code, reason);
  }

  #letGo(): void {
    const terminal = this.#terminal;
    this.#terminal = null;
    terminal?.close(1000, "");
  }

  #hearTerminal(data: string | ArrayBuffer): void {
    if (this.#page.readyState !== WebSocket.OPEN) return;
    if (typeof data !== "string") {
      this.#hearCursor(new Uint8Array(data));
      return;
    }
    const heard = this.#window.hear(data);
    if (heard === "send") this.#page.send(data);
    else if (heard === "hold") this.#letGo();
    else if (heard === "excess") this.#signal(end(closeCode.upstream, "The terminal sent more than is accepted."));
  }

  /** After what was printed earlier come a zero byte and its end, as JSON. */
  #hearCursor(bytes: Uint8Array): void {
    if (bytes[0] !== 0 || bytes.length > 256) return;
    const said = Option.getOrNull(decodeCursor(new TextDecoder().decode(bytes.subarray(1))));
    const replay = this.#window.hearEnd(said?.cursor);
    if (replay === null) {
      this.#signal(end(closeCode.upstream, "The terminal can't be read."));
      return;
    }
    const { position, liveFrom, pieces } = replay;
    this.tell({ type: "from", position, liveFrom });
    for (const piece of pieces) this.#page.send(piece);
  }

  #hearPage(data: string | ArrayBuffer): void {
    const { bucket, waitMs } = takeFrom(this.#frames, this.#now(), frameRate);
    this.#frames = bucket;
    const isReadable = typeof data === "string" && data.length <= frameLengthMax;
    const frame = isReadable ? Option.getOrNull(decodeFrame(data)) : null;
    if (waitMs > 0) this.#signal(end(closeCode.rateLimited, `Wait ${Math.ceil(waitMs / 1000)} s.`));
    else if (frame === null) this.#signal(end(notOurFrame, "This is no frame of a terminal."));
    else if (frame.type === "input") this.#hearInput(frame.text);
    else if (frame.type === "size") {
      this.#size = frame.size;
      this.#signal({ kind: "resize" });
    } else if (this.#window.take(frame.position)) this.#signal({ kind: "attach" });
  }

  #hearInput(text: string): void {
    if (this.#terminal !== null) this.#terminal.send(text);
    else if (this.#waiting.length + text.length <= waitingLengthMax) this.#waiting += text;
    else this.#signal(end(closeCode.rateLimited, "Wait 1 s."));
  }
}
