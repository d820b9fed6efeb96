import type { Traffic } from "../engines/engine.ts";

/** The traffic of a sandbox that is nobody's yet: from when it is somebody's, that start hears of it. */
export class LateTraffic implements Traffic {
  #traffic: Traffic | undefined;

  readonly note = (): void => this.#traffic?.note();

  readonly begin = (): (() => void) => this.#traffic?.begin() ?? (() => {});

  become(traffic: Traffic): void {
    this.#traffic = traffic;
  }
}
