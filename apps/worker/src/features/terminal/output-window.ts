import { terminalLimits } from "@threadbox/contracts/terminal-limits";

/** Longest output that OpenCode keeps of a terminal and sends again, twice over. In UTF-16 units. */
const replayLengthMax = 4 * 1024 * 1024;

export interface Replay {
  readonly pieces: readonly string[];
  /** Where the first piece begins, and where the last one ends. */
  readonly position: number;
  readonly liveFrom: number;
}

/** `wait`: more is to come. `hold`: the page is behind; let go of the terminal. `excess`: no terminal says this. */
export type Heard = "send" | "wait" | "hold" | "excess";

type State =
  | { readonly kind: "held" }
  | { readonly kind: "replaying"; readonly pieces: string[]; length: number }
  | { readonly kind: "live" };

/**
 * How much of a terminal's output is on its way to one page. Where the page falls behind, the terminal is let go of:
 * OpenCode keeps the newest 2 MiB meanwhile, and they are asked for when the page has caught up. So a flood costs
 * neither the worker nor the page memory, and its middle is skipped instead of its end delayed.
 */
export class OutputWindow {
  #state: State = { kind: "held" };
  /** Positions of what was sent, and of what the page says it drew. */
  #sent: number;
  #taken: number;

  constructor(position: number) {
    this.#sent = position;
    this.#taken = position;
  }

  /** The terminal is asked for anew; the answer is the position to ask from. */
  attach(): number {
    this.#state = { kind: "replaying", pieces: [], length: 0 };
    return this.#sent;
  }

  /** The terminal says this. */
  hear(text: string): Heard {
    const state = this.#state;
    if (state.kind === "held") return "wait";
    if (state.kind === "replaying") {
      state.pieces.push(text);
      state.length += text.length;
      return state.length > replayLengthMax ? "excess" : "wait";
    }
    if (this.#sent - this.#taken + text.length > terminalLimits.windowLength) {
      this.#state = { kind: "held" };
      return "hold";
    }
    this.#sent += text.length;
    return "send";
  }

  /** What was printed earlier has been sent again, and ends at this position. Null where that cannot be. */
  hearEnd(liveFrom: unknown): Replay | null {
    const state = this.#state;
    if (state.kind !== "replaying") return null;
    if (typeof liveFrom !== "number" || !Number.isSafeInteger(liveFrom) || liveFrom < state.length) return null;
    this.#state = { kind: "live" };
    const position = liveFrom - state.length;
    this.#taken = position;
    this.#sent = liveFrom;
    return { pieces: state.pieces, position, liveFrom };
  }

  /** The page has drawn so far. True: the terminal is to be asked for again. */
  take(position: number): boolean {
    this.#taken = Math.max(this.#taken, Math.min(position, this.#sent));
    return this.#state.kind === "held" && this.#sent - this.#taken <= terminalLimits.windowLength / 2;
  }
}
