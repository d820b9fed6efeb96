import { pathRejected } from "../errors.ts";

const segmentBytesMax = 255;
const pathBytesMax = 4_096;

/**
 * The segments of a path below the workspace; none for the workspace itself. An absolute path must start at
 * `mountPoint`. Throws PathRejected for anything that could mean a place outside or that no file system takes.
 */
export const parseWorkspacePath = (text: string, mountPoint: string): readonly string[] => {
  if (Buffer.byteLength(text) > pathBytesMax) throw pathRejected("The path is too long.");
  if (text.includes("\0")) throw pathRejected("The path contains a NUL character.");
  let relative = text;
  if (text.startsWith("/")) {
    if (text !== mountPoint && !text.startsWith(`${mountPoint}/`)) {
      throw pathRejected("The path is outside the workspace.");
    }
    relative = text.slice(mountPoint.length);
  }
  const segments = relative.split("/").filter((segment) => segment !== "" && segment !== ".");
  for (const segment of segments) {
    if (segment === "..") throw pathRejected("The path leaves its folder.");
    if (Buffer.byteLength(segment) > segmentBytesMax) throw pathRejected("A part of the path is too long.");
  }
  return segments;
};
