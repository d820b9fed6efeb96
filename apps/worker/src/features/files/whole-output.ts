import { fileLimits } from "@threadbox/contracts/files";
import type { ExecRequest } from "@threadbox/contracts/sandbox-host";
import { Effect, Stream } from "effect";
import { type SandboxError, SandboxNotFoundError, type WorkspaceFiles } from "../sandbox/index.ts";
import { tooLarge } from "./upload.ts";

/** One piece, in bytes: as much as a program may print, once it is written in base64. */
const pieceBytes = 512 * 1024;
const readMsMax = 20_000;

const script = `
at="$\{XDG_DATA_HOME:-$HOME/.local/share}/opencode/tool-output/$1"
[ -f "$at" ] && [ ! -L "$at" ] || exit 44
stat -c %s "$at" && tail -c "+$2" "$at" | head -c "$3" | base64 -w 0
`;

const pieceAt = (id: string, start: number): ExecRequest => ({
  argv: ["sh", "-c", script, "output", id, String(start + 1), String(pieceBytes)],
  timeoutMs: readMsMax,
});

interface Piece {
  readonly sizeBytes: number;
  readonly bytes: Uint8Array;
}

const bytesOf = (base64: string): Uint8Array | null => {
  try {
    return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  } catch {
    return null;
  }
};

type Files = Pick<WorkspaceFiles, "exec">;

const gone = () => new SandboxNotFoundError({ what: "The whole output" });

const readPiece = Effect.fnUntraced(function* (
  files: Files,
  id: string,
  start: number,
): Effect.fn.Return<Piece, SandboxError> {
  const { exitCode, stdout } = yield* files.exec(pieceAt(id, start));
  const [, size = "", text = ""] = /^(\d{1,15})\n([A-Za-z0-9+/=]*)$/.exec(stdout) ?? [];
  const bytes = bytesOf(text);
  if (exitCode !== 0 || size === "" || bytes === null) return yield* gone();
  return { sizeBytes: Number(size), bytes };
});

/** What OpenCode has kept of a tool's output that was too long to hand on. */
export interface WholeOutput {
  readonly sizeBytes: number;
  readonly stream: ReadableStream<Uint8Array>;
}

/**
 * The file that OpenCode has written an output to, piece by piece as it is read; `id` names it, and nothing else. It lies beside
 * the workspace, so a program inside prints it, which follows no link.
 */
export const wholeOutput = Effect.fnUntraced(function* (files: Files, id: string) {
  const first = yield* readPiece(files, id, 0);
  const { sizeBytes } = first;
  if (sizeBytes > fileLimits.transferBytesMax) return yield* tooLarge();
  const later = Array.from(
    { length: Math.max(0, Math.ceil(sizeBytes / pieceBytes) - 1) },
    (_, index) => (index + 1) * pieceBytes,
  );
  const rest = Stream.fromIterable(later).pipe(
    Stream.mapEffect((start) => readPiece(files, id, start)),
    Stream.map(({ bytes }) => bytes),
  );
  const stream = Stream.toReadableStream(Stream.concat(Stream.succeed(first.bytes), rest));
  // One that has changed meanwhile breaks off, and never ends as if it were whole.
  return { sizeBytes, stream: stream.pipeThrough(new FixedLengthStream(sizeBytes)) } satisfies WholeOutput;
});
