/** A piece of an answer's text. */
export interface TextPiece {
  readonly kind: "reasoning" | "content";
  readonly text: string;
}

const opening = /^\s*<(think|thinking)>/;
const openings = ["<think>", "<thinking>"];

const piece = (kind: TextPiece["kind"], text: string): readonly TextPiece[] => (text === "" ? [] : [{ kind, text }]);

/** How much of the end of `text` may be the beginning of `tag`. */
const overlap = (text: string, tag: string): number => {
  for (let length = Math.min(text.length, tag.length - 1); length > 0; length -= 1) {
    if (tag.startsWith(text.slice(-length))) return length;
  }
  return 0;
};

/**
 * Tells what a model thinks from what it says where it thinks in its text: between tags with which the text begins. Takes
 * the text in any pieces; holds back only what may be part of a tag. All other text comes out as it went in.
 */
export class ThinkingTags {
  #state: "beginning" | "thinking" | "between" | "plain" = "beginning";
  #closing = "";
  #held = "";
  #hasThought = false;

  /** The text began without a tag, or what was thought has ended: nothing is held back any more. */
  get isPlain(): boolean {
    return this.#state === "plain";
  }

  take(text: string): readonly TextPiece[] {
    this.#held += text;
    if (this.#state === "beginning") this.#begin();
    const thought = this.#state === "thinking" ? this.#think() : [];
    if (this.#state === "between") this.#held = this.#held.trimStart();
    if (this.#state === "between" && this.#held !== "") this.#state = "plain";
    return this.#state === "plain" ? [...thought, ...piece("content", this.#flush())] : thought;
  }

  /** What is still held back when no more text follows. */
  end(): readonly TextPiece[] {
    const kind = this.#state === "thinking" ? "reasoning" : "content";
    this.#state = "plain";
    return piece(kind, this.#flush());
  }

  #flush(): string {
    const held = this.#held;
    this.#held = "";
    return held;
  }

  #begin(): void {
    const found = opening.exec(this.#held);
    const text = this.#held.trimStart();
    if (found !== null) {
      this.#state = "thinking";
      this.#closing = `</${found[1]}>`;
      this.#held = this.#held.slice(found[0].length);
    } else if (!openings.some((tag) => tag.startsWith(text))) this.#state = "plain";
  }

  #think(): readonly TextPiece[] {
    if (!this.#hasThought) this.#held = this.#held.trimStart();
    const end = this.#held.indexOf(this.#closing);
    const length = end < 0 ? this.#held.length - overlap(this.#held, this.#closing) : end;
    const thought = this.#held.slice(0, length);
    this.#held = this.#held.slice(end < 0 ? length : end + this.#closing.length);
    if (end >= 0) this.#state = "between";
    this.#hasThought ||= thought !== "";
    return piece("reasoning", thought);
  }
}
