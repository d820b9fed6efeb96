/// <reference types="vite/client" />
import { expect, test } from "vitest";

const sources: Readonly<Record<string, string>> = import.meta.glob("../**/*.tsx", {
  query: "?raw",
  import: "default",
  eager: true,
});

const places = [
  // What a reader is told by an attribute, or by a property of that name.
  /(?:aria-label|aria-description|label|title|placeholder|alt|hint|description)(?:=|: )\{?["`][A-Z][^"`]*["`]/g,
  // A word for want of another.
  /(?:\|\||\?\?) ["`][A-Z][a-z][^"`]*["`]\}/g,
  // A choice between two words.
  /\? ["`][A-Z][^"`]*["`] : ["`]/g,
  // Text between tags.
  /(?<=[a-z"}/])>\s*[A-Z][a-z][^<>{}=;()]*<\//g,
];

const wordsIn = (source: string): readonly string[] =>
  places.flatMap((place) => source.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "").match(place) ?? []);

// So that a catalogue of another language can take their place.
test("words that people read stand in a feature's file of texts, and not in what draws them", () => {
  expect(Object.keys(sources).length).toBeGreaterThan(50);
  // Its name, and the titles of pages, which the routes have to say before any other code is here.
  const name = /title: ["`][^"`]*Threadbox["`]|^>\s*Threadbox\s*<\/$/;
  const found = Object.entries(sources).flatMap(([file, source]) =>
    wordsIn(source).flatMap((words) => (name.test(words) ? [] : [[file, words]])),
  );
  expect(found).toEqual([]);
  for (const planted of [
    '<a title="A word">',
    "<p>\n Some words\n</p>",
    'label={isOn ? "Yes" : "No"}',
    '{ title: "Gone" }',
  ])
    expect(wordsIn(planted), planted).toHaveLength(1);
});
