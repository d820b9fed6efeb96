import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { Markdown } from "./markdown.tsx";
import { PathLinkContext, type PathLinkProps } from "./markdown-inline.tsx";

const htmlOf = (text: string): string => renderToStaticMarkup(createElement(Markdown, { text, isStreaming: false }));
const bare = (text: string): string => htmlOf(text).replace(/ (?:class|dir)="[^"]*"/g, "");
const readOf = (text: string): string =>
  htmlOf(text)
    .replace(/<[^>]*>/g, "")
    .replaceAll("&amp;", "&");

describe("markdown as models write it", () => {
  test.each([
    ["含**「重点」**内容", "含<strong>「重点」</strong>内容"],
    ["**注意：**正文", "<strong>注意：</strong>正文"],
    ["**注意：**正文**对**的", "<strong>注意：</strong>正文<strong>对</strong>的"],
    ["*「重点」*内容", "<em>「重点」</em>内容"],
    ["2 ** 3 ** 4 과 **굵게**는", "2 ** 3 ** 4 과 <strong>굵게</strong>는"],
    ["age(1~3), height(80~100)", "age(1~3), height(80~100)"],
    ["~~gone~~ ~kept~", "<del>gone</del> ~kept~"],
    ["\\( a*b*c \\) \\[ x_1*y*z \\] \\{x\\}", "\\( a*b*c \\) \\[ x_1*y*z \\] \\{x\\}"],
    ["costs $5 and $6, $a_1$", "costs $5 and $6, $a_1$"],
    ["[rel](./README.md)", "<span>rel <code>./README.md</code></span>"],
    ["[src/a.ts](src/a.ts)", "<span>src/a.ts</span>"],
    ["H<sub>2</sub>O<br>a <kbd>Esc</kbd><!-- b -->", "H<sub>2</sub>O<br/>a <kbd>Esc</kbd>"],
    ["<b>a <i>b</b> c", "<b>a &lt;i&gt;b</b> c"],
    ["a</b> <sup>b", "a&lt;/b&gt; &lt;sup&gt;b"],
  ])("%s keeps its meaning", (text, html) => {
    expect(bare(text)).toBe(`<div><p>${html}</p></div>`);
  });

  test("hands a path, and no address of the web, to whoever makes more of it", () => {
    const given: string[] = [];
    const note = ({ href, children }: PathLinkProps) => {
      given.push(href);
      return createElement("mark", null, children);
    };
    const text = "[a](./a.txt) [b](/workspace/b) [c](https://c.test/) [d](javascript:alert)";
    const markdown = createElement(Markdown, { text, isStreaming: false });
    const html = renderToStaticMarkup(createElement(PathLinkContext, { value: note }, markdown));
    expect(given).toEqual(["./a.txt", "/workspace/b", "javascript:alert"]);
    expect(html.match(/<mark>/g)).toHaveLength(3);
  });

  test("ends an address before the punctuation of a language without spaces", () => {
    expect(htmlOf("看https://a.test/路径，好")).toContain('href="https://a.test/%E8%B7%AF%E5%BE%84"');
    expect(readOf("（https://a.test/x）。")).toBe("（https://a.test/x）。");
  });

  test("shows a block of markdown that holds fences as one block", () => {
    const text = "```markdown\n# a\n```sh\nls\n```\nb\n```\n\nafter";
    expect(bare(text).match(/<figure/g)).toHaveLength(1);
    expect(htmlOf(text)).toContain("<code># a\n```sh\nls\n```\nb</code>");
    expect(bare(text)).toContain("<p>after</p>");
    expect(bare("```md\na\n```\n\n```js\nb\n```").match(/<figure/g)).toHaveLength(2);
  });

  test("says what kind of notice a quote is, and keeps footnotes and the number a list starts at", () => {
    expect(bare("> [!WARNING]\n> Hot *oil*")).toBe(
      "<div><blockquote><p>Warning</p><p>Hot <em>oil</em></p></blockquote></div>",
    );
    expect(readOf("a[^1]\n\n[^1]: The note")).toContain("The note");
    expect(bare("0. a\n1. b")).toContain('<ol start="0">');
  });

  test("loses no word of any text", () => {
    const pieces = [
      "**",
      "*",
      "_",
      "~",
      "~~",
      "`",
      "```md\n",
      "```\n",
      "```js\n",
      "\n",
      "\n\n",
      "> ",
      "- ",
      "7. ",
      "# ",
    ];
    const more = [
      "| ",
      "[",
      "](",
      ")",
      "[^1]: ",
      "<b>",
      "</b>",
      "<div>",
      "\\(",
      "\\)",
      "\\[",
      "「",
      "」",
      "，",
      "&",
      " ",
      "$",
    ];
    const all = [...pieces, ...more];
    let seed = 7;
    const next = (below: number): number => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % below;
    };
    for (let run = 0; run < 400; run += 1) {
      const words: string[] = [];
      let text = "";
      for (let at = 0; at < 14; at += 1) {
        const isWord = next(2) === 0;
        if (isWord) words.push(`w${run}x${at}`);
        text += isWord ? `w${run}x${at}` : all[next(all.length)];
      }
      const html = htmlOf(text);
      expect(words.filter((word) => !html.includes(word)).map((word) => [word, text])).toEqual([]);
    }
  });
});
