import type { KeyValue } from "./key-value.ts";

/** The place of the draft that belongs to no thread yet. */
export const newThreadDraft = "new";

/** What was typed and not sent, by thread. Writes of one thread reach the store in the order in which they were made. */
export class Drafts {
  readonly #store: KeyValue<string>;
  readonly #last = new Map<string, Promise<void>>();
  constructor(store: KeyValue<string>) {
    this.#store = store;
  }

  /** A store that cannot be read (private windows, full disk) is an empty one. */
  async read(place: string): Promise<string> {
    await this.#last.get(place);
    return (await this.#store.get(place).catch(() => undefined)) ?? "";
  }

  /** An empty draft is none. */
  async write(place: string, text: string): Promise<void> {
    const before = this.#last.get(place) ?? Promise.resolve();
    const done = before.then(() => (text === "" ? this.#store.del(place) : this.#store.set(place, text)));
    const settled = done.catch(() => undefined);
    this.#last.set(place, settled);
    await settled;
  }
}
