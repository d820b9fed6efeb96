const line = new TextEncoder().encode("\n");

/** One who is told of changes. While a line has not been taken the next ones wait as one. */
interface Follower {
  readonly writer: WritableStreamDefaultWriter<Uint8Array>;
  isWriting: boolean;
  isBehind: boolean;
}

/** Whoever looks at the secrets and wants to hear at once that something of them has changed; never what. */
export class Followers {
  readonly #followers = new Set<Follower>();

  /** A stream with an empty line per change, until `over` resolves or nobody reads it any more. */
  follow(over: Promise<void>): ReadableStream<Uint8Array> {
    const { readable, writable } = new IdentityTransformStream();
    const follower: Follower = { writer: writable.getWriter(), isWriting: false, isBehind: false };
    this.#followers.add(follower);
    const leave = () => this.#followers.delete(follower);
    follower.writer.closed.then(leave, leave);
    void over.then(() => follower.writer.close().catch(() => {}));
    // So that whoever asked knows that it is listened to, and looks at what changed before.
    this.#tell(follower);
    return readable;
  }

  tell(): void {
    for (const follower of this.#followers) this.#tell(follower);
  }

  #tell(follower: Follower): void {
    if (follower.isWriting) {
      follower.isBehind = true;
      return;
    }
    follower.isWriting = true;
    follower.writer.write(line).then(
      () => {
        follower.isWriting = false;
        if (!follower.isBehind) return;
        follower.isBehind = false;
        this.#tell(follower);
      },
      () => this.#followers.delete(follower),
    );
  }
}
