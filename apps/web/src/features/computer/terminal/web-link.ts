const lengthMax = 2_000;

/** The address of a link that a program printed, or null where it leads to anything but a web page. */
export const webLink = (text: string): string | null => {
  const url = text.length <= lengthMax ? URL.parse(text) : null;
  return url !== null && (url.protocol === "http:" || url.protocol === "https:") ? url.href : null;
};
