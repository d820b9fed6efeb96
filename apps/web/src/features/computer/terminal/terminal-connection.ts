import { cutText } from "@threadbox/contracts/cut-text";
import { closeCode } from "@threadbox/contracts/errors";
import type { Terminal, TerminalEventFrame, TerminalPageFrame, TerminalSize } from "@threadbox/contracts/terminal";
import { terminalLimits } from "@threadbox/contracts/terminal-limits";
import { WireFailure } from "../../errors/index.ts";
import { retryDelayMs } from "./retry-delay.ts";

/** `ended`: its shell has. `gone`: its sandbox has, or somebody closed it. `refused`: asking again changes nothing. */
export type LineState =
  | { readonly kind: "connecting" | "open" | "reconnecting" | "gone" }
  | { readonly kind: "ended"; readonly exitCode: number | null }
  | { readonly kind: "refused"; readonly failure: WireFailure };

/** Where output is drawn. */
export interface Sink {
  /** `drawn` is called once the output is on the screen. */
  write(output: Uint8Array, drawn: () => void): void;
  /** So many bytes will never come. */
  skip(count: number): void;
  /** What is on the screen is not this terminal's. */
  clear(): void;
}

export interface TerminalConnectionOptions {
  readonly address: (position: number) => Promise<string>;
  readonly forgetToken: () => void;
  /** Looks the terminal up by plain HTTP, which tells what a refused socket cannot. Null: it is not there. */
  readonly probe: () => Promise<Terminal | null>;
  readonly sink: Sink;
  readonly onState: (state: LineState) => void;
  readonly openSocket?: (url: string) => WebSocket;
  /** Calls back after so many milliseconds; the answer takes it back. */
  readonly later?: (callback: () => void, ms: number) => () => void;
}

const laterByTimer = (callback: () => void, ms: number) => {
  const timer = setTimeout(callback, ms);
  return () => clearTimeout(timer);
};

const isFinal = (error: unknown): error is WireFailure => error instanceof WireFailure && !error.isRetryable;

/** Pieces of a text, none longer than a frame may be. */
function* piecesOf(text: string): Generator<string> {
  for (let rest = text; rest !== ""; ) {
    const piece = cutText(rest, terminalLimits.inputLengthMax);
    yield piece;
    rest = rest.slice(piece.length);
  }
}

/** One terminal's socket, opened again from where it stopped until the terminal has ended. */
export class TerminalConnection {
  readonly #options: TerminalConnectionOptions;
  #socket: WebSocket | null = null;
  #state: LineState = { kind: "connecting" };
  /** Positions: what has come, what the worker was told is drawn, and where what is new begins. */
  #position = 0;
  #told = 0;
  #liveFrom = 0;
  #failures = 0;
  #size: TerminalSize | null = null;
  #isReplaying = false;
  /** What was typed before the terminal was first open. */
  #early = "";
  #attempt = 0;
  #cancelRetry: () => void = () => undefined;

  constructor(options: TerminalConnectionOptions) {
    this.#options = options;
  }

  start(): void {
    void this.#connect();
  }

  /** The network is back: whoever waits for the next attempt waits no longer. */
  retryNow(): void {
    if (this.#state.kind !== "reconnecting" || this.#socket !== null) return;
    this.#cancelRetry();
    void this.#connect();
  }

  stop(): void {
    this.#attempt += 1;
    this.#cancelRetry();
    this.#socket?.close(1000);
    this.#socket = null;
  }

  /** What is typed, or what the emulator answers a program. While earlier output is replayed nobody asks for answers. */
  input(text: string): void {
    if (this.#isReplaying) return;
    if (this.#state.kind === "connecting") this.#early = cutText(this.#early + text, terminalLimits.inputLengthMax);
    for (const piece of piecesOf(text)) this.#send({ type: "input", text: piece });
  }

  resize(size: TerminalSize): void {
    this.#size = size;
    this.#send({ type: "size", size });
  }

  #send(frame: TerminalPageFrame): void {
    if (this.#state.kind === "open") this.#socket?.send(JSON.stringify(frame));
  }

  #change(state: LineState): void {
    this.#state = state;
    this.#options.onState(state);
  }

  async #connect(): Promise<void> {
    this.#attempt += 1;
    const attempt = this.#attempt;
    try {
      const url = await this.#options.address(this.#position);
      if (attempt === this.#attempt) this.#listen(this.#options.openSocket?.(url) ?? new WebSocket(url));
    } catch (error) {
      if (attempt !== this.#attempt) return;
      if (isFinal(error)) this.#change({ kind: "refused", failure: error });
      else this.#retry();
    }
  }

  #listen(socket: WebSocket): void {
    this.#socket = socket;
    socket.binaryType = "arraybuffer";
    const isOurs = () => this.#socket === socket;
    socket.addEventListener("message", ({ data }: MessageEvent<string | ArrayBuffer>) => {
      if (!isOurs()) return;
      if (typeof data === "string") this.#hearEvent(JSON.parse(data) as TerminalEventFrame);
      else this.#hear(new Uint8Array(data));
    });
    socket.addEventListener("close", ({ code }) => {
      if (!isOurs()) return;
      this.#socket = null;
      this.#onClose(code);
    });
  }

  #hear(output: Uint8Array): void {
    this.#position += output.length;
    const end = this.#position;
    this.#options.sink.write(output, () => this.#onDrawn(end));
  }

  #onDrawn(end: number): void {
    if (end >= this.#liveFrom) this.#isReplaying = false;
    if (end - this.#told < terminalLimits.takenEvery) return;
    this.#told = end;
    this.#send({ type: "taken", position: end });
  }

  #hearEvent(event: TerminalEventFrame): void {
    if (event.type === "exited") {
      this.#socket = null;
      const { exitCode } = event;
      // The shell's last word may still be on its way to the screen.
      this.#options.sink.write(new Uint8Array(), () => this.#change({ kind: "ended", exitCode }));
      return;
    }
    const { position, liveFrom } = event;
    if (position < this.#position) this.#options.sink.clear();
    else if (position > this.#position && this.#position > 0) this.#options.sink.skip(position - this.#position);
    this.#position = position;
    this.#told = position;
    this.#liveFrom = liveFrom;
    this.#isReplaying = liveFrom > position;
    this.#failures = 0;
    if (this.#state.kind === "open") return;
    this.#change({ kind: "open" });
    if (this.#size !== null) this.resize(this.#size);
    if (this.#early !== "") this.#send({ type: "input", text: this.#early });
    this.#early = "";
  }

  #onClose(code: number): void {
    if (code === closeCode.generationChanged) this.#change({ kind: "gone" });
    else if (code === closeCode.auth) this.#change({ kind: "refused", failure: new WireFailure("NotFound", "") });
    else void this.#ask();
  }

  /** A browser does not tell why a socket was refused, so the terminal is looked up before the next attempt. */
  async #ask(): Promise<void> {
    this.#change({ kind: "reconnecting" });
    const attempt = this.#attempt;
    this.#options.forgetToken();
    try {
      const terminal = await this.#options.probe();
      if (attempt !== this.#attempt) return;
      if (terminal === null) this.#change({ kind: "gone" });
      else if (terminal.status === "exited") this.#change({ kind: "ended", exitCode: terminal.exitCode });
      else this.#retry();
    } catch (error) {
      if (attempt !== this.#attempt) return;
      if (isFinal(error)) this.#change({ kind: "refused", failure: error });
      else this.#retry();
    }
  }

  #retry(): void {
    if (this.#state.kind !== "reconnecting") this.#change({ kind: "reconnecting" });
    const delay = retryDelayMs(this.#failures);
    this.#failures += 1;
    this.#cancelRetry = (this.#options.later ?? laterByTimer)(() => void this.#connect(), delay);
  }
}
