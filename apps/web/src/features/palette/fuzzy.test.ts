import { describe, expect, test } from "vitest";
import { fuzzyMatches, fuzzyScore } from "./fuzzy.ts";

const names = ["New thread", "Next thread", "Rename thread", "Settings", "Archived threads"];
const found = (typed: string) => fuzzyMatches(names, (name) => name, typed);

describe("what the palette finds", () => {
  test("everything while nothing is typed, in its order", () => {
    expect(found(" ")).toEqual(names);
  });

  test("initials find a name", () => {
    expect(found("nt")[0]).toBe("New thread");
  });

  test("a whole word comes before scattered letters, and the beginning of a word before its middle", () => {
    expect(found("name")[0]).toBe("Rename thread");
    expect(found("set")).toEqual(["Settings"]);
    expect(found("arch")).toEqual(["Archived threads"]);
  });

  test("letters in another order, or not there, match nothing", () => {
    expect(fuzzyScore("Settings", "gnittes")).toBeNull();
    expect(found("zeppelin")).toEqual([]);
    expect(found("aths"), "letters scattered over a name").toEqual([]);
  });
});
