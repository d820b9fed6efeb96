import { type LinePlace, placeKey } from "./diff-rows.ts";

export interface Comment {
  readonly place: LinePlace;
  /** The line it is about, as it was when the comment was begun. */
  readonly quote: string;
  readonly text: string;
  /** Being written: it is not sent yet. */
  readonly isEditing: boolean;
}

export type CommentList = ReadonlyMap<string, Comment>;

/** What a person wants to say about lines of one thread's changes. Outlives the panel, so that closing it loses nothing. */
export class Comments {
  readonly #listeners = new Set<() => void>();
  #comments: CommentList = new Map();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  readonly read = (): CommentList => this.#comments;

  /** Begins a comment, or goes on with the one that is there. */
  edit(place: LinePlace, quote: string): void {
    const known = this.#comments.get(placeKey(place));
    this.#set(placeKey(place), { place, quote, text: "", ...known, isEditing: true });
  }

  write(key: string, text: string): void {
    const known = this.#comments.get(key);
    if (known !== undefined) this.#set(key, { ...known, text });
  }

  /** It is finished; one without text is gone. */
  finish(key: string): void {
    const known = this.#comments.get(key);
    if (known === undefined || known.text.trim() === "") this.remove(key);
    else this.#set(key, { ...known, text: known.text.trim(), isEditing: false });
  }

  remove(key: string): void {
    this.#replace([...this.#comments].filter(([each]) => each !== key));
  }

  /** Forgets those that were finished. */
  removeFinished(): void {
    this.#replace([...this.#comments].filter(([, { isEditing }]) => isEditing));
  }

  #set(key: string, comment: Comment): void {
    this.#replace([...new Map(this.#comments).set(key, comment)]);
  }

  #replace(comments: readonly (readonly [string, Comment])[]): void {
    this.#comments = new Map(comments);
    for (const listener of this.#listeners) listener();
  }
}

const byThread = new Map<string, Comments>();

/** The comments on that thread's changes in this page. */
export const commentsOf = (threadId: string): Comments => {
  const known = byThread.get(threadId) ?? new Comments();
  byThread.set(threadId, known);
  return known;
};
