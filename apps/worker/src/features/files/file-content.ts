import type { FileContent } from "@threadbox/contracts/files";

const byteOrderMark = [0xef, 0xbb, 0xbf] as const;

const startsWith = (bytes: Uint8Array, start: readonly (number | null)[]): boolean =>
  bytes.length >= start.length && start.every((byte, at) => byte === null || bytes[at] === byte);

const codes = (text: string): readonly number[] => Array.from(text, (character) => character.charCodeAt(0));

/** How files of the pictures begin that every browser draws and none of which runs anything. */
const pictures: readonly (readonly [type: string, start: readonly (number | null)[]])[] = [
  ["image/png", [0x89, ...codes("PNG\r\n"), 0x1a, 0x0a]],
  ["image/jpeg", [0xff, 0xd8, 0xff]],
  ["image/gif", codes("GIF87a")],
  ["image/gif", codes("GIF89a")],
  ["image/webp", [...codes("RIFF"), null, null, null, null, ...codes("WEBP")]],
];

const pdf = codes("%PDF-");

const pictureOf = (bytes: Uint8Array): string | null =>
  pictures.find(([, start]) => startsWith(bytes, start))?.[0] ?? null;

/** The type of a picture or a PDF, by how it begins; null for everything else. */
export const shownTypeOf = (start: Uint8Array): string | null =>
  startsWith(start, pdf) ? "application/pdf" : pictureOf(start);

const decode = (bytes: Uint8Array): string | null => {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
};

/** What a file that is too large for an editor is shown as, by how it begins. */
export const largeContentOf = (start: Uint8Array): FileContent => ({
  kind: "tooLarge",
  shownAs: startsWith(start, pdf) ? "document" : "nothing",
});

/** What the bytes of a whole file are to an editor. */
export const contentOf = (bytes: Uint8Array): FileContent => {
  // Many a PDF is text to its last byte.
  if (startsWith(bytes, pdf)) return { kind: "binary", shownAs: "document" };
  const hasBom = startsWith(bytes, byteOrderMark);
  const text = decode(hasBom ? bytes.subarray(byteOrderMark.length) : bytes);
  if (text !== null && !text.includes("\0")) return { kind: "text", text, hasBom };
  return { kind: "binary", shownAs: pictureOf(bytes) === null ? "nothing" : "picture" };
};
