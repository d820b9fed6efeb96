import { fileLimits, type LargestFiles, removedFolder } from "@threadbox/contracts/files";
import { workspacePath } from "@threadbox/contracts/opencode";
import type { ExecRequest, ExecResult } from "@threadbox/contracts/sandbox-host";

const lookMsMax = 20_000;

/** What belongs together is told as a whole: nobody deletes single files of it. */
const wholes = String.raw`\( -name node_modules -o -name .git \)`;
const weigh = String.raw`for at; do printf 'd\t%s\t%s\0' "$(du --summarize --block-size=1 "$at" | cut -f 1)" "${"$"}{at#./}"; done`;

const script = String.raw`
cd "$1" || exit
df --block-size=1 --output=source,used,size . | tail -n 1 | tr '\n' '\0'
find -P . -xdev -mindepth 1 -name ${removedFolder} -prune -o ${wholes} -type d -prune -exec sh -c '${weigh.replaceAll("'", String.raw`'\''`)}' sh {} + \
  -o -type f -printf 'f\t%s\t%P\0' | LC_ALL=C sort -z -t "$(printf '\t')" -k 2,2nr | head -z -n ${fileLimits.largestMax}
`;

/** The program that prints how full the workspace's disk is, and what takes most room. It runs inside, and follows no link. */
export const largestProgram: ExecRequest = {
  argv: ["sh", "-c", script, "largest", workspacePath],
  timeoutMs: lookMsMax,
};

const sizeOf = (text: string): number | null => (/^\d{1,15}$/.test(text) ? Number(text) : null);

/** Only a disk image is the workspace's own; a folder lies on the machine's disk, whose size says nothing here. */
const diskOf = (line: string): LargestFiles["disk"] => {
  const [, used = "", size = ""] = /^\/dev\/loop\d+\s+(\d+)\s+(\d+)\s*$/.exec(line) ?? [];
  const [usedBytes, sizeBytes] = [sizeOf(used), sizeOf(size)];
  return usedBytes === null || sizeBytes === null ? null : { usedBytes, sizeBytes };
};

/** What it printed, bounded. What does not look like an entry of it is left out. */
export const largestFiles = ({ stdout }: Pick<ExecResult, "stdout">): LargestFiles => {
  const [line = "", ...entries] = stdout.split("\0");
  const files = entries.flatMap((entry) => {
    const [, kind, size = "", path = ""] = /^([fd])\t(\d+)\t([\s\S]+)$/.exec(entry) ?? [];
    const sizeBytes = sizeOf(size);
    if (sizeBytes === null) return [];
    return [{ path, kind: kind === "d" ? ("directory" as const) : ("file" as const), sizeBytes }];
  });
  return { files: files.slice(0, fileLimits.largestMax), disk: diskOf(line) };
};
