/** What people attach to a message. This file has no imports, so that the page can use it. */

/** Bounds of the files that go with one message. */
export const attachmentLimits = {
  filesMax: 10,
  /** Largest file, in bytes. */
  bytesMax: 25_000_000,
  /** Longest name, in UTF-16 units, and in bytes of UTF-8: a file system takes 255, and a number may have to be added. */
  nameLengthMax: 100,
  nameBytesMax: 200,
  mediaTypeLengthMax: 100,
} as const;

/** The folder of the workspace in which attached files lie. */
export const attachmentFolder = "uploads";

/** Pictures that browsers draw and models are shown. None of them can hold a script. */
export const pictureTypes: readonly string[] = ["image/png", "image/jpeg", "image/gif", "image/webp"];

const scheme = "workspace:///";

/** Marks that reorder or hide text, line ends and other control characters, and halves of surrogate pairs. */
const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/u;
const everyHidden = new RegExp(hidden.source, "gu");

const bytesOf = (text: string): number => encodeURIComponent(text).replace(/%../g, "x").length;

const fits = (name: string): boolean =>
  name.length <= attachmentLimits.nameLengthMax && bytesOf(name) <= attachmentLimits.nameBytesMax;

/** Whether a file in the folder may be called so: one segment, not hidden, and what it looks like. */
export const isAttachmentName = (name: string): boolean =>
  name !== "" && !/[/\\]|^[. ]|[. ]$/.test(name) && !hidden.test(name) && name === name.normalize("NFC") && fits(name);

/** The beginning and the end of a name, cut before its last point. */
const splitName = (name: string): readonly [stem: string, ending: string] => {
  const [ending = ""] = /\.[\p{L}\p{N}]{1,12}$/u.exec(name) ?? [];
  return ending.length === name.length ? [name, ""] : [name.slice(0, name.length - ending.length), ending];
};

/** The same name with something put before its ending, cut so that a file may be called so. */
const madeToFit = (name: string, added: string): string => {
  const [stem, ending] = splitName(name);
  const characters = [...stem];
  for (;;) {
    const made = `${characters.join("").replace(/[. ]+$/, "")}${added}${ending}`;
    if (fits(made) || characters.length === 0) return made;
    characters.pop();
  }
};

/** What a file is called in the workspace whose name may be anything. */
export const attachmentName = (given: string): string => {
  const plain = given.replace(everyHidden, "").normalize("NFC").replace(/[/\\]/g, "-");
  const shown = plain.replace(/^[. ]+|[. ]+$/g, "");
  return madeToFit(shown === "" ? "file" : shown, "");
};

/** A name for one more file of that name: "a.txt", "a-2.txt". */
export const numberedName = (name: string, number: number): string =>
  number === 1 ? name : madeToFit(name, `-${number}`);

/** How a message names an attached file that lies in the workspace. */
export const attachmentUrl = (name: string): string => `${scheme}${attachmentFolder}/${encodeURIComponent(name)}`;

/** The path in the workspace of a file that a message names; null where it names none. */
export const attachmentPath = ({
  url,
  filename,
}: {
  readonly url: string;
  readonly filename?: string;
}): string | null =>
  filename !== undefined && isAttachmentName(filename) && url === attachmentUrl(filename)
    ? `${attachmentFolder}/${filename}`
    : null;
