import { getDrafts } from "../outbox/index.ts";
import type { Comment } from "./comment.ts";
import { type LinePlace, placeKey } from "./diff-rows.ts";
import { keepComments, readKeptComments } from "./kept-comments.ts";

export type CommentList = ReadonlyMap<string, Comment>;

/** Where comments stay when the page is closed. */
export interface CommentKeeper {
  readonly read: () => Promise<string>;
  readonly write: (kept: string) => Promise<void>;
}

/** What a person wants to say about lines of one thread's changes. Outlives the panel and the page: closing them loses nothing. */
export class Comments {
  readonly #keeper: CommentKeeper;
  readonly #listeners = new Set<() => void>();
  #comments: CommentList = new Map();

  constructor(keeper: CommentKeeper) {
    this.#keeper = keeper;
  }

  /** Takes up what was kept, beside what has been written since. */
  async load(): Promise<void> {
    const kept = readKeptComments(await this.#keeper.read());
    if (kept.length === 0) return;
    this.#replace([...kept.map((comment) => [placeKey(comment.place), comment] as const), ...this.#comments]);
  }

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
    void this.#keeper.write(keepComments(this.#comments.values()));
    for (const listener of this.#listeners) listener();
  }
}

const byThread = new Map<string, Comments>();

const keeperOf = (threadId: string): CommentKeeper => {
  const place = `comments ${threadId}`;
  return { read: () => getDrafts().read(place), write: (kept) => getDrafts().write(place, kept) };
};

/** The comments on that thread's changes in this page. */
export const commentsOf = (threadId: string): Comments => {
  const known = byThread.get(threadId);
  if (known !== undefined) return known;
  const comments = new Comments(keeperOf(threadId));
  byThread.set(threadId, comments);
  void comments.load();
  return comments;
};
