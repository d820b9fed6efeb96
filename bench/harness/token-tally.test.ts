import { describe, expect, test } from "vitest";
import { findDirective, printDirective, printToken } from "./directive.ts";
import { TokenTally } from "./token-tally.ts";

const token = (index: number) => printToken(index, 1000 + index);

describe("a directive", () => {
  test("is found again in the text that carries it, the last one of several", () => {
    const first = printDirective({ tokens: 400, firstMs: 200, everyMs: 20 });
    const last = printDirective({ tokens: 7, firstMs: 1, everyMs: 0 });
    expect(findDirective(`<user>\n${first}\n</user> ${last}`)).toEqual({ tokens: 7, firstMs: 1, everyMs: 0 });
  });

  test("that asks for an unbounded answer is not followed", () => {
    expect(findDirective("bench(tokens=20001,first=0,every=0)")).toBeUndefined();
    expect(findDirective("bench(tokens=-1,first=0,every=0)")).toBeUndefined();
    expect(findDirective("hello")).toBeUndefined();
  });
});

describe("a tally of tokens", () => {
  test("measures each token from its sending and the first one from the prompt", () => {
    const tally = new TokenTally(990, 2);
    tally.taken(994);
    tally.take(token(0), 1003);
    tally.take(token(1), 1002);
    expect(tally.observe(2)).toEqual({
      firstTokenMs: 13,
      spans: { takenMs: 4, askedMs: 4, toldMs: 3 },
      tokenDelaysMs: [3, 1],
      faults: { lost: 0, duplicated: 0, reordered: 0, merged: 0 },
    });
  });

  test("reads a token that is cut anywhere", () => {
    for (let cut = 1; cut < token(12).length; cut++) {
      const tally = new TokenTally(0, 0);
      tally.take(token(12).slice(0, cut), 1);
      expect(tally.size).toBe(0);
      tally.take(token(12).slice(cut), 2);
      expect(tally.size).toBe(1);
    }
  });

  test("counts what was lost, sent twice, out of order or merged into one frame", () => {
    const tally = new TokenTally(0, 0);
    tally.take(token(0), 1);
    tally.take(token(2), 2);
    tally.take(token(1), 3);
    tally.take(token(1), 4);
    tally.take(token(4) + token(5) + token(6), 5);
    expect(tally.observe(8).faults).toEqual({ lost: 2, duplicated: 1, reordered: 1, merged: 2 });
  });

  test("ignores text around the tokens", () => {
    const tally = new TokenTally(0, 0);
    tally.take("Sure. ", 1);
    tally.take(token(0), 2);
    expect(tally.observe(1).faults.lost).toBe(0);
  });
});
