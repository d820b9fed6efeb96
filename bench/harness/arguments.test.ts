import { expect, test } from "vitest";
import { parseArguments } from "./arguments.ts";

const known = ["M2", "M3", "M4", "M7"];

test("without arguments everything runs in twenty blocks", () => {
  expect(parseArguments([], known)).toEqual({ ids: known, blocks: 20, isQuick: false, isAlone: false });
});

test("chosen metrics run in the order of the suite", () => {
  expect(parseArguments(["--only", "m7, M4", "--blocks", "30"], known)).toEqual({
    ids: ["M4", "M7"],
    blocks: 30,
    isQuick: false,
    isAlone: false,
  });
});

test("a quick run takes few blocks unless told otherwise", () => {
  expect(parseArguments(["--quick"], known)).toMatchObject({ isQuick: true, blocks: 4 });
  expect(parseArguments(["--quick", "--blocks", "9"], known)).toMatchObject({ isQuick: true, blocks: 9 });
});

test("a run that must not start two OpenCode servers says so", () => {
  expect(parseArguments(["--alone"], known)).toMatchObject({ isAlone: true, blocks: 20 });
});

test("an argument that cannot be followed is refused by name", () => {
  expect(() => parseArguments(["--only", "M9"], known)).toThrow("no metric M9");
  expect(() => parseArguments(["--only"], known)).toThrow("'--only <value>' argument missing");
  expect(() => parseArguments(["--blocks", "1"], known)).toThrow("from 2 to 200");
  expect(() => parseArguments(["--blocks", "1e9"], known)).toThrow("from 2 to 200");
  expect(() => parseArguments(["--fast"], known)).toThrow("Unknown option '--fast'");
});
