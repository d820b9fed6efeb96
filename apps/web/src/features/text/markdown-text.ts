import { decodeNamedCharacterReference } from "decode-named-character-reference";

const reference = /&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z][A-Za-z0-9]{1,31}));/g;

/** U+FFFD for what is no character, as CommonMark has it. */
const fromCodePoint = (codePoint: number): string => {
  const isSurrogate = codePoint >= 0xd800 && codePoint <= 0xdfff;
  return codePoint === 0 || isSurrogate || codePoint > 0x10ffff ? "\uFFFD" : String.fromCodePoint(codePoint);
};

/** Text of markdown as it is to be read: `&amp;` and its like are written out. */
export const decodeReferences = (text: string): string =>
  text.includes("&")
    ? text.replace(reference, (whole, decimal?: string, hex?: string, name?: string) => {
        if (decimal !== undefined) return fromCodePoint(Number(decimal));
        if (hex !== undefined) return fromCodePoint(Number.parseInt(hex, 16));
        return decodeNamedCharacterReference(name ?? "") || whole;
      })
    : text;
