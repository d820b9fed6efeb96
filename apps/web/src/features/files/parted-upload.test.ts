import { type JoinUpload, uploadPartBytes } from "@threadbox/contracts/files";
import { expect, test } from "vitest";
import { WireFailure } from "../errors/index.ts";
import { PartedUpload } from "./parted-upload.ts";

const never = new AbortController().signal;

/** A worker that takes parts until the line breaks, and joins what the test lets it. */
const line = (breaks: readonly number[] = []) => {
  const parts: [path: string, bytes: number][] = [];
  const joined: JoinUpload[] = [];
  const refusals: WireFailure[] = [];
  const removed: string[] = [];
  let calls = 0;
  let places = 0;
  const content = new Blob([new Uint8Array(2 * uploadPartBytes + 5)]);
  const upload = new PartedUpload(
    {
      upload: async () => Promise.reject(new Error("too large to be sent at once")),
      save: async () => Promise.reject(new Error("too large to be sent at once")),
      sendPart: async (path, part, onSent) => {
        calls += 1;
        onSent(part.size);
        if (breaks.includes(calls)) throw new WireFailure("SandboxUnavailable", "");
        parts.push([path, part.size]);
        return { version: "v" };
      },
      remove: async (path) => void removed.push(path),
      join: async (wish) => {
        const refusal = refusals.shift();
        if (refusal !== undefined) throw refusal;
        joined.push(wish);
      },
    },
    async () => {
      places += 1;
      return `place-${places}`;
    },
    content,
  );
  return { upload, parts, joined, refusals, removed };
};

test("a file that broke off goes on with the part that did not arrive, and becomes one file", async () => {
  const { upload, parts, joined } = line([2]);
  const sent: number[] = [];
  await expect(upload.send("a", (bytes) => sent.push(bytes), never)).rejects.toMatchObject({
    tag: "SandboxUnavailable",
  });
  expect([parts, upload.isBegun]).toEqual([[["place-1/0", uploadPartBytes]], true]);
  await upload.send("a", (bytes) => sent.push(bytes), never);
  expect(parts).toEqual([
    ["place-1/0", uploadPartBytes],
    ["place-1/1", uploadPartBytes],
    ["place-1/2", 5],
  ]);
  const sizeBytes = 2 * uploadPartBytes + 5;
  expect(joined).toEqual([{ folder: "place-1", sizeBytes, path: "a", isReplacing: false }]);
  expect(sent.at(-1)).toBe(sizeBytes);
});

test("where there is a file of its name nothing is sent again to replace it", async () => {
  const { upload, parts, joined, refusals } = line();
  refusals.push(new WireFailure("VersionConflict", "Taken."));
  await expect(upload.send("a", () => {}, never)).rejects.toMatchObject({ tag: "VersionConflict" });
  await upload.replace("a");
  expect([parts.length, joined]).toMatchObject([3, [{ folder: "place-1", isReplacing: true }]]);
});

test("where its parts have gone it begins anew", async () => {
  const { upload, parts, refusals } = line();
  refusals.push(new WireFailure("ValidationError", "Missing."));
  await expect(upload.send("a", () => {}, never)).rejects.toMatchObject({ tag: "ValidationError" });
  expect(upload.isBegun).toBe(false);
  await upload.send("a", () => {}, never);
  expect(parts.slice(3).map(([path]) => path)).toEqual(["place-2/0", "place-2/1", "place-2/2"]);
});

test("what has arrived of one that nobody wants any more goes", async () => {
  const { upload, removed } = line([2]);
  await expect(upload.send("a", () => {}, never)).rejects.toThrow();
  upload.drop();
  upload.drop();
  expect(removed).toEqual(["place-1"]);
});
