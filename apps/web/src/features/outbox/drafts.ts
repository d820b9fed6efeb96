import { readDraft } from "./kept.ts";
import type { KeyValue } from "./key-value.ts";

/** The place of the draft that belongs to no thread yet. */
export const newThreadDraft = "new";

/** The place of the files of a draft; what stands there is theirs to read. */
export const filesOf = (place: string): string => `files:${place}`;

/** Both texts, the one that was written first above the other. */
export const withReturned = (returned: string, draft: string): string =>
  draft.trim() === "" ? returned : `${returned}\n\n${draft}`;

/** What was typed and not sent, by thread. Writes of one thread reach the store in the order in which they were made. */
export class Drafts {
  readonly #store: KeyValue<unknown>;
  readonly #last = new Map<string, Promise<void>>();
  readonly #boxes = new Map<string, (text: string) => void>();
  constructor(store: KeyValue<unknown>) {
    this.#store = store;
  }

  /** A store that cannot be read (private windows, full disk) is an empty one. */
  async read(place: string): Promise<string> {
    await this.#last.get(place);
    return readDraft(await this.#store.get(place).catch(() => undefined));
  }

  /** A message box shows the draft of that place; it takes what is given back, for as long as it is there. */
  show(place: string, take: (text: string) => void): () => void {
    this.#boxes.set(place, take);
    return () => {
      if (this.#boxes.get(place) === take) this.#boxes.delete(place);
    };
  }

  /** A message that was taken back is a draft again, above what has been typed since. */
  async giveBack(place: string, text: string): Promise<void> {
    const take = this.#boxes.get(place);
    if (take === undefined) await this.write(place, withReturned(text, await this.read(place)));
    else take(text);
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
