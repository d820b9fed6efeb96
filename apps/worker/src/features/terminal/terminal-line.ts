import { closeCode } from "@threadbox/contracts/errors";
import { TerminalEventFrame, TerminalPageFrame } from "@threadbox/contracts/terminal";
import { Option, Schema } from "effect";
import { type Bucket, fullBucket, type Rate, takeFrom } from "../../platform/bucket.ts";
import { InFlight } from "./in-flight.ts";

/** A person's keys, a mouse that is moved and the page's own word of what it took. */
const frameRate: Rate = { capacity: 1_000, perSecond: 300 };
/** Longest frame of a page: one `input` frame with every character escaped. */
const frameLengthMax = 128 * 1024;
/** Longest event of a terminal's. */
const eventLengthMax = 256;
/** Frames of a page that wait until the terminal is there, in UTF-16 units. */
const waitingLengthMax = 64 * 1024;
const notOurFrame = 1008;

const decodeFrame = Schema.decodeUnknownOption(Schema.fromJsonString(TerminalPageFrame));
const decodeEvent = Schema.decodeUnknownOption(Schema.fromJsonString(TerminalEventFrame));

/** Why a line ends. */
export interface LineEnd {
  /** `released`: the terminal has let go of it, with this code. */
  readonly kind: "end" | "released";
  readonly code: number;
  readonly reason: string;
}

export const end = (code: number, reason: string): LineEnd => ({ kind: "end", code, reason });

const unreadable = end(closeCode.upstream, "The terminal can't be read.");

/** One page at one terminal: what either side says is looked at and passed on at once. */
export class TerminalLine {
  readonly #page: WebSocket;
  readonly #onEnd: (end: LineEnd) => void;
  readonly #now: () => number;
  readonly #inFlight = new InFlight();
  #terminal: WebSocket | null = null;
  #waiting: string[] = [];
  #frames: Bucket;
  #isOver = false;

  constructor(page: WebSocket, onEnd: (end: LineEnd) => void, now: () => number) {
    this.#page = page;
    this.#onEnd = onEnd;
    this.#now = now;
    this.#frames = fullBucket(frameRate, now());
    page.accept();
    page.addEventListener("message", ({ data }) => this.#hearPage(data as string | ArrayBuffer));
    page.addEventListener("close", () => onEnd(end(1000, "")));
    page.addEventListener("error", () => onEnd(end(1000, "")));
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
    terminal.addEventListener("message", ({ data }) => this.#hearTerminal(data as string | ArrayBuffer));
    terminal.addEventListener("close", ({ code, reason }) => this.#onEnd({ kind: "released", code, reason }));
    terminal.addEventListener("error", () => this.#onEnd({ kind: "released", code: closeCode.upstream, reason: "" }));
    for (const frame of this.#waiting) terminal.send(frame);
    this.#waiting = [];
  }

  tell(frame: TerminalEventFrame): void {
    if (this.#page.readyState === WebSocket.OPEN) this.#page.send(JSON.stringify(frame));
  }

  close(code: number, reason: string): void {
    this.#isOver = true;
    this.#terminal?.close(1000, "");
    if (this.#page.readyState < WebSocket.CLOSING) this.#page.close(code, reason);
  }

  #hearTerminal(data: string | ArrayBuffer): void {
    if (this.#isOver || this.#page.readyState !== WebSocket.OPEN) return;
    if (typeof data === "string") this.#hearEvent(data);
    else if (this.#inFlight.send(data.byteLength)) this.#page.send(data);
    else this.#onEnd(end(closeCode.upstream, "The terminal sent more than is accepted."));
  }

  #hearEvent(text: string): void {
    const event = text.length <= eventLengthMax ? Option.getOrNull(decodeEvent(text)) : null;
    if (event === null) {
      this.#onEnd(unreadable);
      return;
    }
    if (event.type === "from") this.#inFlight.begin(event.position);
    this.tell(event);
  }

  #hearPage(data: string | ArrayBuffer): void {
    const { bucket, waitMs } = takeFrom(this.#frames, this.#now(), frameRate);
    this.#frames = bucket;
    const text = typeof data === "string" && data.length <= frameLengthMax ? data : null;
    const frame = text === null ? null : Option.getOrNull(decodeFrame(text));
    if (waitMs > 0) this.#onEnd(end(closeCode.rateLimited, `Wait ${Math.ceil(waitMs / 1000)} s.`));
    else if (frame === null) this.#onEnd(end(notOurFrame, "This is no frame of a terminal."));
    else {
      if (frame.type === "taken") this.#inFlight.take(frame.position);
      this.#passOn(JSON.stringify(frame));
    }
  }

  #passOn(frame: string): void {
    if (this.#terminal !== null) {
      this.#terminal.send(frame);
      return;
    }
    this.#waiting.push(frame);
    const length = this.#waiting.reduce((sum, each) => sum + each.length, 0);
    if (length > waitingLengthMax) this.#onEnd(end(closeCode.rateLimited, "Wait 1 s."));
  }
}
