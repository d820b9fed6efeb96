import { type FoundFiles, fileLimits, removedFolder } from "@threadbox/contracts/files";
import { workspacePath } from "@threadbox/contracts/opencode";
import type { ExecRequest, ExecResult } from "@threadbox/contracts/sandbox-host";

const searchMsMax = 5_000;

const kinds: Readonly<Record<string, FoundFiles["files"][number]["kind"]>> = {
  f: "file",
  d: "directory",
  l: "symlink",
};

const literally = (text: string): string => text.replace(/[\\*?[\]]/g, "\\$&");

/**
 * The program that finds names with that text in them, whatever their case, where the text has a slash: paths. It follows
 * no link, leaves out what git and npm keep for themselves, and runs inside the sandbox.
 */
export const searchProgram = (query: string): ExecRequest => {
  const pattern = `*${literally(query)}*`;
  const leftOut = ["(", "-name", ".git", "-o", "-name", "node_modules", "-o", "-name", removedFolder, ")", "-prune"];
  const matched = [query.includes("/") ? "-ipath" : "-iname", pattern, "-printf", "%y\t%P\n"];
  return {
    argv: ["find", "-P", workspacePath, "-mindepth", "1", ...leftOut, "-o", ...matched],
    timeoutMs: searchMsMax,
  };
};

/** What it printed, shortest paths first, bounded. What does not look like a line of it is left out. */
export const foundFiles = ({ stdout, isTruncated, isTimedOut }: ExecResult): FoundFiles => {
  const whole = stdout.slice(0, stdout.lastIndexOf("\n") + 1);
  const files = whole
    .split("\n")
    .flatMap((line) => {
      const [kind = "", path = ""] = line.split("\t", 2);
      return path === "" ? [] : [{ path, kind: kinds[kind] ?? ("other" as const) }];
    })
    .sort((a, b) => a.path.length - b.path.length || (a.path < b.path ? -1 : 1));
  const isCut = isTruncated || isTimedOut || files.length > fileLimits.foundMax;
  return { files: files.slice(0, fileLimits.foundMax), isCut };
};
