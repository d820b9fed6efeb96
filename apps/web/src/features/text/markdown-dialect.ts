import { getDefaults, Lexer, Tokenizer, type Tokens } from "marked";
import { withWholeFences } from "./markdown-fences.ts";

const cjk = /[\u2E80-\u9FFF\uAC00-\uD7AF\uF900-\uFAFF\uFE30-\uFE4F\uFF00-\uFFEF]|[\u{20000}-\u{3FFFF}]/u;
const cjkPunctuation = /[\u3000-\u303F\uFF01-\uFF0F\uFF1A-\uFF20\uFF3B-\uFF40\uFF5B-\uFF65“”‘’…]/;

/** Emphasis whose marks stand directly at its words; none of it reaches beyond the next asterisk. */
const closeMarks = /^(\*{1,2})(?!\*)([^*\s](?:[^*\n]*[^*\s])?)\1(?!\*)/;

/** A formula stays as it was written, with whatever would be a mark elsewhere. */
const formula = /^(?:\\\((?:[^\\\n]|\\(?![()]))*\\\)|\\\[(?:[^\\]|\\(?![[\]]))*\\\])/;
const bracket = /^\\[()[\]{}]/;

/** Markdown as models write it, where the letter of CommonMark would change what they say. */
class ModelTokenizer extends Tokenizer {
  /** Languages without spaces put marks beside words and punctuation, where CommonMark wants a space. */
  override emStrong(src: string, maskedSrc: string, prevChar = ""): Tokens.Em | Tokens.Strong | undefined {
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
    return src.startsWith("~~") ? super.del(src, maskedSrc, prevChar) : undefined;
  }

  override escape(src: string): Tokens.Escape | undefined {
    const raw = (formula.exec(src) ?? bracket.exec(src))?.[0];
    return raw === undefined ? super.escape(src) : { type: "escape", raw, text: raw };
  }

  override url(src: string): Tokens.Link | undefined {
    const link = super.url(src);
    const end = link?.raw.search(cjkPunctuation) ?? -1;
    if (link === undefined || end < 0) return link;
    const raw = link.raw.slice(0, end);
    return super.url(raw);
  }
}

const options = { ...getDefaults(), tokenizer: new ModelTokenizer() };

/** The tokens of a model's text. Throws on text that is nested without end. */
export const lexMarkdown = (text: string) => new Lexer(options).lex(withWholeFences(text));
