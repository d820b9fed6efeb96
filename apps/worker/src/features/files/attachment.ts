/** The last part of a path. */
const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

const percent = (character: string): string => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;

/**
 * Headers with which a file of a sandbox is saved and never shown: whatever it holds, no browser runs it as a page of
 * the answering origin.
 */
export const attachmentHeaders = (path: string, suffix = ""): Record<string, string> => {
  const name = encodeURIComponent(`${nameOf(path)}${suffix}`).replace(/['()*]/g, percent);
  return {
    "content-type": "application/octet-stream",
    "content-disposition": `attachment; filename*=UTF-8''${name}`,
    "content-security-policy": "default-src 'none'; sandbox",
    "cross-origin-resource-policy": "same-site",
  };
};
