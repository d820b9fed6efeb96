/// <reference types="vite/client" />
import { expect, test } from "vitest";

const sources: Readonly<Record<string, string>> = import.meta.glob(
  ["../**/*.tsx", "../../../../packages/ui/src/**/*.tsx"],
  { query: "?raw", import: "default", eager: true },
);

const clips = /(?:^|[\s"'`])overflow(?:-[xy])?-(?:auto|scroll|hidden)(?=[\s"'`])/;
const isPositioned = /(?:^|[\s"'`])(?:relative|absolute|fixed|sticky)(?=[\s"'`])/;

/** Class lists that clip their content and do not hold what is placed in it. */
const loose = (source: string): readonly string[] =>
  source.match(/"[^"\n]*"|`[^`]*`/g)?.filter((text) => clips.test(text) && !isPositioned.test(text)) ?? [];

// Text for screen readers is placed absolutely: a scroller that is not positioned lets it stretch the page around it.
test("whatever scrolls or clips also holds the text for screen readers inside it", () => {
  expect(Object.keys(sources).length).toBeGreaterThan(50);
  expect(Object.entries(sources).flatMap(([file, source]) => loose(source).map((text) => [file, text]))).toEqual([]);
  expect(loose('<div className="flex overflow-y-auto">')).toHaveLength(1);
});
