import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { Markdown } from "./markdown.tsx";

const htmlOf = (text: string, isStreaming = false): string =>
  renderToStaticMarkup(createElement(Markdown, { text, isStreaming }));
const bare = (html: string): string => html.replace(/ (?:class|dir)="[^"]*"/g, "");

describe("markdown", () => {
  test("becomes headings, marks, lists, quotes and rules", () => {
    expect(bare(htmlOf("# One\n\n#### Four\n\na **b** *c* ~~d~~ `e`\\\nf\n\n> g\n\n---"))).toBe(
      "<div><h3>One</h3><h5>Four</h5><p>a <strong>b</strong> <em>c</em> <del>d</del> <code>e</code><br/>f</p><blockquote><p>g</p></blockquote><hr/></div>",
    );
    expect(bare(htmlOf("3. a\n4. b\n   - c"))).toBe(
      '<div><ol start="3"><li>a</li><li>b<ul><li>c</li></ul></li></ol></div>',
    );
    expect(bare(htmlOf("- [x] a\n- [ ] b"))).toBe(
      '<div><ul><li><input type="checkbox" disabled="" aria-label="Done" checked=""/>a</li><li><input type="checkbox" disabled="" aria-label="To do"/>b</li></ul></div>',
    );
  });

  test("keeps a table's columns and how they are aligned", () => {
    const html = htmlOf("| a | b |\n| - | -: |\n| 1 | *2* |");
    expect(bare(html)).toContain(
      "<thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td><em>2</em></td></tr></tbody>",
    );
    expect(html.match(/text-end/g)).toHaveLength(2);
  });

  test("writes character references out in text and in addresses, and leaves them alone in code", () => {
    expect(bare(htmlOf("&copy; &#65;&#x42; &amp;lt; &#0; &nonsense; `&amp;`"))).toBe(
      "<div><p>© AB &amp;lt; \uFFFD &amp;nonsense; <code>&amp;amp;</code></p></div>",
    );
    expect(htmlOf("[a](https://a.test/?b&amp;c)")).toContain('href="https://a.test/?b&amp;c"');
  });

  test("finds a link's address below it", () => {
    expect(htmlOf("[a][1]\n\n[1]: https://a.test/")).toContain('href="https://a.test/"');
  });

  test.each([
    "[a](javascript:alert(1))",
    "[a](java&#115;cript:alert(1))",
    "[a](<  JaVaScRiPt:alert(1)>)",
    "[a](data:text/html,x)",
    "[a][1]\n\n[1]: vbscript:x",
    "<javascript:alert(1)>",
    "![a](javascript:alert(1))",
    "![a](https://a.test/picture)",
    '<img src="https://a.test/x" onerror="alert(1)">',
    "a <script>alert(1)</script> b",
    "<iframe srcdoc='x'></iframe>",
    "<a href='javascript:alert(1)'>x</a>",
  ])("%s neither runs nor fetches anything", (text) => {
    const html = htmlOf(text);
    expect(html).not.toMatch(/<(?:img|script|iframe|object|embed|style|link|form)\b/);
    expect(html).not.toMatch(/href="(?!https:\/\/a\.test\/)/);
    expect(html).not.toMatch(/<[^>]* (?:src|srcdoc|style|on\w+)=/);
  });

  test("shows raw HTML as the text that it is", () => {
    expect(bare(htmlOf("a <u>c</u> <b onclick=x>d</b>"))).toBe(
      "<div><p>a &lt;u&gt;c&lt;/u&gt; &lt;b onclick=x&gt;d&lt;/b&gt;</p></div>",
    );
    expect(bare(htmlOf("<div>\n  a\n</div>"))).toBe("<div><p>&lt;div&gt;\n  a\n&lt;/div&gt;</p></div>");
  });

  test("shows text that is nested without end as it is", () => {
    expect(htmlOf(">".repeat(50_000))).toContain("&gt;&gt;&gt;");
    expect(htmlOf(`${">".repeat(500)} a`)).toContain("a");
  });

  test("copies a block of code byte for byte into the page, with its language", () => {
    const html = htmlOf("```ts\nconst a = 1;\n\n  b &amp; c\n```");
    expect(html).toContain("<span>ts</span>");
    expect(html).toContain("<code>const a = 1;\n\n  b &amp;amp; c</code>");
  });
});
