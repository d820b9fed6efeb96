import { describe, expect, test } from "vitest";
import { outputBytes } from "./output-bytes.ts";
import { isBinary, terminalText, withoutMarks } from "./terminal-text.ts";

describe("a program's output is what a terminal leaves of it", () => {
  test.each([
    ["\u001B[1;31mred\u001B[0m \u001B]8;;https://evil.test\u0007link\u001B]8;;\u0007", "red link"],
    ["\u001B]0;title\u001B\\ok", "ok"],
    ["\u001B[38;2;1;2;3mtrue\u001B[m \u001B(Bcolour", "true colour"],
    ["10%\r50%\r100%\ndone\r\n", "100%\ndone\n"],
    ["line\r", "line"],
    ["a long line\rshort", "shortg line"],
    ["a long line\r\u001B[Kshort", "short"],
    ["first\u001B[2K\u001B[1Gsecond", "second"],
    ["abc\b\bX", "aXc"],
    ["b\bbo\bol\bld\bd _\bu", "bold u"],
    ["\b\b\ba", "a"],
    ["one: wait\ntwo: wait\n\u001B[2A\u001B[Kone: done\n\u001B[Ktwo: done\n", "one: done\ntwo: done\n"],
    ["a\nb\nc\u001B[2F\u001B[Jd", "d"],
    ["before\n\u001B[H\u001B[2Jafter", "before\nafter"],
    ["a\u001B[3Cb", "a   b"],
    ["bell\u0007 nul\u0000 end", "bell nul end"],
    ["cut off \u001B[3", "cut off "],
    ["cut off \u001B]0;tit", "cut off "],
    ["tab\tstays", "tab\tstays"],
    ["👩‍💻\rx", "x‍💻"],
  ])("%j", (output, shown) => {
    expect(terminalText(output)).toBe(shown);
  });

  test("invisible marks stand in what is copied and have no place in what is shown", () => {
    const output = "\uFEFFשלום\u200F (1)\u202Eabc\u202C";
    expect(terminalText(output)).toBe(output);
    expect(withoutMarks(output)).toBe("שלום (1)abc");
  });

  test("whatever is written, a screen grows no faster than its output", () => {
    const hostile = "\u001B[99999999C x\u001B[99999999A\u001B[99999999G y\u001B[1K".repeat(2_000);
    expect(terminalText(hostile).length).toBeLessThan(100 * 10_000);
  });
});

describe("an output that is no text", () => {
  test.each([
    ["\u007FELF\u0002\u0001\u0001\u0000\u0000", true],
    ["\uFFFDPNG\r\n\u001A\n\uFFFD\uFFFD\uFFFDx\uFFFD", true],
    ["\u001B[32mok\u001B[0m\n", false],
    ["a caf\uFFFD in the wrong encoding", false],
    ["日本語 текст 👩‍💻\n", false],
    ["", false],
  ])("%j", (output, is) => {
    expect(isBinary(output)).toBe(is);
  });

  test("is counted in the bytes that it had", () => {
    expect(outputBytes("\uFFFD\uFFFDPNG")).toBe(5);
    expect(outputBytes("é")).toBe(2);
  });
});
