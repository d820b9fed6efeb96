import { execFile } from "node:child_process";

/** What lies in a folder and below it. */
export interface FolderSize {
  readonly bytes: number;
  /** Files, folders and links. */
  readonly files: number;
}

/** `du` is run by `prefix`, so that the caller can give it the right to look everywhere. */
const run = ([program = "", ...prefix]: readonly string[], argv: readonly string[]): Promise<string> =>
  new Promise((resolve) => {
    // It complains about what vanishes meanwhile; what it could count is on its output all the same.
    execFile(program, [...prefix, ...argv], { env: { PATH: "/usr/bin:/bin", LC_ALL: "C" } }, (_, stdout) =>
      resolve(stdout),
    );
  });

const parse = (output: string): ReadonlyMap<string, number> =>
  new Map(
    output
      .split("\0")
      .filter(Boolean)
      .map((line) => [line.slice(line.indexOf("\t") + 1), Number.parseInt(line, 10)]),
  );

/**
 * Measures folders, following no link and leaving out what another one of them holds already. A program of its own does
 * it: it takes neither this process's time nor its descriptors, however many and however deep the folders are.
 */
export const measureFolders = async (
  paths: readonly string[],
  prefix: readonly string[] = [],
): Promise<ReadonlyMap<string, FolderSize>> => {
  const common = ["du", "--summarize", "--one-file-system", "--null"];
  const [bytes, files] = await Promise.all(
    [["--block-size=1"], ["--inodes"]].map(async (options) =>
      parse(await run([...prefix, ...common], [...options, "--", ...paths])),
    ),
  );
  return new Map(paths.map((path) => [path, { bytes: bytes?.get(path) ?? 0, files: files?.get(path) ?? 0 }] as const));
};
