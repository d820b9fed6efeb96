import { terminalLimits } from "@threadbox/contracts/terminal-limits";

/**
 * How much of a terminal's output is on its way to one page. The terminal's server waits for the page's word; whatever has
 * taken its place in the sandbox and doesn't wait is found out here, before it costs the worker memory.
 */
export class InFlight {
  #sent = 0;
  #taken = 0;
  #hasBegun = false;

  /** The terminal goes on at this position. */
  begin(position: number): void {
    this.#sent = position;
    this.#taken = position;
    this.#hasBegun = true;
  }

  /** False: no terminal sends so much, or before it has said where it begins. */
  send(bytes: number): boolean {
    this.#sent += bytes;
    return this.#hasBegun && this.#sent - this.#taken <= terminalLimits.windowBytes;
  }

  /** The page has drawn so far. */
  take(position: number): void {
    this.#taken = Math.max(this.#taken, Math.min(position, this.#sent));
  }
}
