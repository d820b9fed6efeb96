import { fileLimits } from "@threadbox/contracts/files";
import type { ExecRequest, ExecResult } from "@threadbox/contracts/sandbox-host";
import { Effect } from "effect";
import { expect, test } from "vitest";
import { wholeOutput } from "./whole-output.ts";

const asText = (bytes: Uint8Array): string => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
const said = (stdout: string, exitCode = 0): ExecResult => ({
  exitCode,
  stdout,
  stderr: "",
  isTruncated: false,
  isTimedOut: false,
  durationMs: 1,
});

/** A sandbox that has kept this, and whom it has been asked for it. */
const sandboxWith = (kept: Uint8Array, lostFrom = Number.POSITIVE_INFINITY) => {
  const asked: (readonly string[])[] = [];
  const exec = ({ argv }: ExecRequest) => {
    asked.push(argv);
    const [start = 0, count = 0] = argv.slice(-2).map(Number);
    if (start > lostFrom) return Effect.succeed(said("", 44));
    return Effect.succeed(said(`${kept.length}\n${asText(kept.slice(start - 1, start - 1 + count))}`));
  };
  return { files: { exec }, asked };
};
const bytesOf = async (files: Parameters<typeof wholeOutput>[0]) => {
  const { sizeBytes, stream } = await Effect.runPromise(wholeOutput(files, "tool_1"));
  return { sizeBytes, bytes: new Uint8Array(await new Response(stream).arrayBuffer()) };
};
const somewhatLong = Uint8Array.from({ length: 1_200_000 }, (_, at) => (at * 31) % 256);

test("a long output comes whole, byte by byte, in several pieces", async () => {
  const { files, asked } = sandboxWith(somewhatLong);
  const { sizeBytes, bytes } = await bytesOf(files);
  expect(sizeBytes).toBe(somewhatLong.length);
  expect(Buffer.compare(bytes, somewhatLong)).toBe(0);
  expect(asked).toHaveLength(3);
});

test("one that is empty is an empty file", async () => {
  expect(await bytesOf(sandboxWith(new Uint8Array()).files)).toMatchObject({ sizeBytes: 0 });
});

test("one that isn't kept any more is refused, and one that goes while it is read breaks off", async () => {
  const missing = await Effect.runPromise(Effect.flip(wholeOutput(sandboxWith(somewhatLong, 0).files, "tool_1")));
  expect(missing.wireTag).toBe("NotFound");
  await expect(bytesOf(sandboxWith(somewhatLong, 600_000).files)).rejects.toThrow();
});

test("what a sandbox says in place of it is refused, and so is more than a download may be", async () => {
  const refusalOf = async (stdout: string) =>
    (await Effect.runPromise(Effect.flip(wholeOutput({ exec: () => Effect.succeed(said(stdout)) }, "tool_1")))).wireTag;
  expect(await refusalOf("5\n<script>")).toBe("NotFound");
  expect(await refusalOf("-5\n")).toBe("NotFound");
  expect(await refusalOf(`${fileLimits.transferBytesMax + 1}\n`)).toBe("BodyTooLarge");
});
