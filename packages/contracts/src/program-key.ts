/**
 * A short name of a program's text, by which a page finds the run of what it shows. It is no proof of anything. This file has no
 * imports, so that pages can use it.
 */
export const programKey = (program: string): string => {
  // Two rounds of FNV-1a, one of them backwards.
  let forth = 0x811c9dc5;
  let back = 0x811c9dc5;
  for (let at = 0; at < program.length; at += 1) {
    forth = Math.imul(forth ^ program.charCodeAt(at), 0x01000193);
    back = Math.imul(back ^ program.charCodeAt(program.length - 1 - at), 0x01000193);
  }
  return `${program.length.toString(36)}-${(forth >>> 0).toString(36)}-${(back >>> 0).toString(36)}`;
};
