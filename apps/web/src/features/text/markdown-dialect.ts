import { getDefaults, Lexer, Tokenizer, type Tokens, type TokensList } from "marked";
import { withWholeFences } from "./markdown-fences.ts";

const cjk = /[\u2E80-\u9FFF\uAC00-\uD7AF\uF900-\uFAFF\uFE30-\uFE4F\uFF00-\uFFEF]|[\u{20000}-\u{3FFFF}]/u;
const cjkPunctuation = /[\u3000-\u303F\uFF01-\uFF0F\uFF1A-\uFF20\uFF3B-\uFF40\uFF5B-\uFF65“”‘’…]/;

/** Emphasis whose marks stand directly at its words; none of it reaches beyond the next asterisk. */
const closeMarks = /^(\*{1,2})(?!\*)([^*\s](?:[^*\n]*[^*\s])?)\1(?!\*)/;

/** A formula stays as it was written, with whatever would be a mark elsewhere. */
const formula = /^(?:\\\((?:[^\\\n]|\\(?![()]))*\\\)|\\\[(?:[^\\]|\\(?![[\]]))*\\\])/;
const bracket = /^\\[()[\]{}]/;

/** Deeper quotes and lists are no text that anybody reads; the marks of what lies deeper stay as they are. */
const blockDepthMax = 40;

/** Characters that may be looked at again in search of the ends of marks: so many, and so many for each of the text. */
const looksAtLeast = 2_000_000;
const looksPerCharacter = 20;

/** No address of a mailbox is longer. */
const mailLengthMax = 320;

/** A stretch of text of bounded length, whole words where there are any. */
const stretchLengthMax = 250;
const stretchOf = (src: string): string => {
  if (src.length <= stretchLengthMax) return src;
  const head = src.slice(0, stretchLengthMax);
  const lastBreak = head.search(/\s+\S*$/);
  return lastBreak > 0 ? head.slice(0, lastBreak) : head;
};

/**
 * Markdown as models write it, where the letter of CommonMark would change what they say. Its time grows with the length
 * of the text and no faster, whatever the text is: each mark searches the rest of the text for its end, so marks without
 * an end are as they were written once the searches of one text have gone over it often enough.
 */
class ModelTokenizer extends Tokenizer {
  #looksLeft: number;
  #blockDepth = 0;
  constructor(textLength: number) {
    super();
    this.#looksLeft = looksAtLeast + looksPerCharacter * textLength;
  }

  /** A search in the rest of a text that begins with one of these marks. */
  #search<T>(src: string, marks: string, search: () => T | undefined): T | undefined {
    if (!marks.includes(src.charAt(0))) return undefined;
    this.#looksLeft -= src.length;
    return this.#looksLeft < 0 ? undefined : search();
  }

  #nested<T>(read: () => T | undefined): T | undefined {
    if (this.#blockDepth >= blockDepthMax) return undefined;
    this.#blockDepth += 1;
    try {
      return read();
    } finally {
      this.#blockDepth -= 1;
    }
  }

  override blockquote(src: string): Tokens.Blockquote | undefined {
    return this.#nested(() => super.blockquote(src));
  }

  override list(src: string): Tokens.List | undefined {
    return this.#nested(() => super.list(src));
  }

  override tag(src: string): Tokens.Tag | undefined {
    return this.#search(src, "<", () => super.tag(src));
  }

  override autolink(src: string): Tokens.Link | undefined {
    return this.#search(src, "<", () => super.autolink(src));
  }

  override link(src: string): Tokens.Link | Tokens.Image | undefined {
    return this.#search(src, "![", () => super.link(src));
  }

  override reflink(src: string, links: TokensList["links"]): Tokens.Link | Tokens.Image | Tokens.Text | undefined {
    return this.#search(src, "![", () => super.reflink(src, links));
  }

  override codespan(src: string): Tokens.Codespan | undefined {
    return this.#search(src, "`", () => super.codespan(src));
  }

  override inlineText(src: string): Tokens.Text | undefined {
    return super.inlineText(stretchOf(src));
  }

  /** Languages without spaces put marks beside words and punctuation, where CommonMark wants a space. */
  override emStrong(src: string, maskedSrc: string, prevChar = ""): Tokens.Em | Tokens.Strong | undefined {
    return this.#search(src, "*_", () => this.#emphasis(src, maskedSrc, prevChar));
  }

  #emphasis(src: string, maskedSrc: string, prevChar: string): Tokens.Em | Tokens.Strong | undefined {
    const [raw, marks, inner] = (prevChar === "*" ? null : closeMarks.exec(src)) ?? [];
    if (raw === undefined || marks === undefined || inner === undefined || inner.includes("`"))
      return super.emStrong(src, maskedSrc, prevChar);
    const isBesideCjk = [prevChar, inner.slice(0, 1), inner.slice(-1), src.slice(raw.length, raw.length + 1)];
    if (!isBesideCjk.some((character) => cjk.test(character))) return super.emStrong(src, maskedSrc, prevChar);
    const found = { raw, text: inner, tokens: this.lexer.inlineTokens(inner) };
    return marks === "**" ? { type: "strong", ...found } : { type: "em", ...found };
  }

  /** One tilde is "about" or "to": `1~3`. Only two strike through. */
  override del(src: string, maskedSrc: string, prevChar?: string): Tokens.Del | undefined {
    return src.startsWith("~~") ? this.#search(src, "~", () => super.del(src, maskedSrc, prevChar)) : undefined;
  }

  override escape(src: string): Tokens.Escape | undefined {
    const raw = (this.#search(src, "\\", () => formula.exec(src) ?? undefined) ?? bracket.exec(src))?.[0];
    return raw === undefined ? super.escape(src) : { type: "escape", raw, text: raw };
  }

  override url(src: string): Tokens.Link | undefined {
    const link = this.#search(src, "hHfFwW", () => super.url(src)) ?? super.url(src.slice(0, mailLengthMax));
    const end = link?.raw.search(cjkPunctuation) ?? -1;
    if (link === undefined || end < 0) return link;
    const raw = link.raw.slice(0, end);
    return super.url(raw);
  }
}

/** The tokens of a model's text. */
export const lexMarkdown = (text: string) =>
  new Lexer({ ...getDefaults(), tokenizer: new ModelTokenizer(text.length) }).lex(withWholeFences(text));
