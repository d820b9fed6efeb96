import { Schema } from "effect";
import { expect, test } from "vitest";
import {
  attachmentLimits,
  attachmentName,
  attachmentPath,
  attachmentUrl,
  isAttachmentName,
  numberedName,
} from "./attachment-limits.ts";
import { AttachmentPart, AttachmentParts } from "./attachments.ts";

const part = (filename: string, more: object = {}) => ({
  type: "file",
  mediaType: "image/png",
  filename,
  url: `workspace:///uploads/${encodeURIComponent(filename)}`,
  providerMetadata: { threadbox: { sizeBytes: 3 } },
  ...more,
});
const isPart = Schema.is(AttachmentPart);

test.each([
  ["photo.png", "photo.png"],
  ["Übersicht (März).pdf", "Übersicht (März).pdf"],
  ["..", "file"],
  ["", "file"],
  ["   ", "file"],
  [".git/hooks", "git-hooks"],
  ["../../etc/passwd", "-..-etc-passwd"],
  ["C:\\secret.txt", "C:-secret.txt"],
  ["a\u202egnp.exe", "agnp.exe"],
  ["two\nlines\u0000.txt", "twolines.txt"],
  ["\ud800.txt", "txt"],
  ["<img src=x onerror=alert(1)>.svg", "<img src=x onerror=alert(1)>.svg"],
  ["e\u0301.txt", "é.txt"],
  ["e\u200d\u0301.txt", "é.txt"],
  ["trailing. ", "trailing"],
])("%j is called %j in the workspace", (given, name) => {
  expect(attachmentName(given)).toBe(name);
  expect(isAttachmentName(name)).toBe(true);
});

test("a long name is cut before its ending, also where it is numbered", () => {
  expect(attachmentName(`${"a".repeat(300)}.png`)).toBe(`${"a".repeat(96)}.png`);
  expect(numberedName(`${"a".repeat(96)}.png`, 12)).toBe(`${"a".repeat(93)}-12.png`);
  expect(numberedName("a.tar.gz", 2)).toBe("a.tar-2.gz");
});

/** What may do harm in a name, or be cut in the wrong place. */
const pieces = [
  ..."ab ./\\:<>\"'%#?&*\0\n\t\r",
  "..",
  "😀",
  "👩‍👩‍👧",
  "e\u0301",
  "\u0301",
  "\u202e",
  "\u2066",
  "\u200b",
  "\ufeff",
  "\u2028",
  "\ud800",
  "\udc00",
  "\ue000",
  "x".repeat(130),
  "ü".repeat(130),
  "漢".repeat(90),
];

test("whatever a file is called, its name in the workspace is one, and stays one when it is numbered", () => {
  const given = pieces.flatMap((a) => pieces.flatMap((b) => pieces.map((c) => `${a}${b}${c}`)));
  const wrong = given.filter((text) =>
    [1, 2, 99].some((number) => {
      const name = numberedName(attachmentName(text), number);
      return !isAttachmentName(name) || attachmentPath({ filename: name, url: attachmentUrl(name) }) === null;
    }),
  );
  expect(wrong).toEqual([]);
});

test("a part names a file directly in the folder of uploads, and nothing else", () => {
  expect(isPart(part("a.png"))).toBe(true);
  for (const name of ["", ".", "..", ".env", "a/b", "a\\b", "../a", "a\u202eb", "a\nb", "a ", "a".repeat(101)])
    expect([name, isPart(part(name))]).toEqual([name, false]);
  for (const url of [
    "workspace:///uploads/b.png",
    "workspace:///uploads/../a.png",
    "workspace:///a.png",
    "workspace://uploads/a.png",
    "file:///etc/passwd",
    "https://evil.test/a.png",
    "data:image/png;base64,AA==",
    "device:1",
  ])
    expect([url, isPart(part("a.png", { url }))]).toEqual([url, false]);
});

test.each([
  ["a type with a line end", { mediaType: "image/png\nx" }],
  ["no type", { mediaType: "" }],
  ["a long type", { mediaType: `a/${"b".repeat(100)}` }],
  ["a size below nothing", { providerMetadata: { threadbox: { sizeBytes: -1 } } }],
  ["too many bytes", { providerMetadata: { threadbox: { sizeBytes: attachmentLimits.bytesMax + 1 } } }],
  ["no size", { providerMetadata: {} }],
])("a part with %s is refused", (_, more) => {
  expect(isPart(part("a.png", more))).toBe(false);
});

test("no message has more files than the limit", () => {
  const parts = Array.from({ length: attachmentLimits.filesMax }, (_, n) => part(`${n}.png`));
  expect([Schema.is(AttachmentParts)(parts), Schema.is(AttachmentParts)([...parts, part("x.png")])]).toEqual([
    true,
    false,
  ]);
});
