import { expect, test } from "vitest";
import { WireFailure } from "../errors/index.ts";
import { Uploads } from "./uploads.ts";

const later = () => new Promise((resolve) => setImmediate(resolve));

/** A worker that takes a body when the test says so. */
const line = () => {
  const asked: string[] = [];
  const waiting: { resolve: () => void; reject: (error: unknown) => void }[] = [];
  const replaced: string[] = [];
  let landed = 0;
  const uploads = new Uploads(
    {
      upload: async (path, _, onSent, signal) => {
        asked.push(path);
        onSent(1);
        await new Promise<void>((resolve, reject) => {
          waiting.push({ resolve, reject });
          signal.addEventListener("abort", () => reject(new DOMException("Cancelled.", "AbortError")));
        });
        return { version: "v" };
      },
      sendPart: async () => ({ version: "v" }),
      join: async () => undefined,
      remove: async () => undefined,
      save: async (path) => {
        replaced.push(path);
        return { version: "v" };
      },
    },
    async () => "place",
    () => {
      landed += 1;
    },
  );
  const next = () => waiting.shift();
  return { uploads, asked, next, replaced, landed: () => landed };
};

const file = (name: string) => new File(["x"], name);
const kinds = (uploads: Uploads) => uploads.read().map(({ status }) => status.kind);

test("files go one after the other, and one that fails or is stopped holds up none", async () => {
  const { uploads, asked, next, landed } = line();
  uploads.add("a", [file("1"), file("2"), file("3"), file("4")]);
  expect([asked, kinds(uploads)]).toEqual([["a/1"], ["sending", "waiting", "waiting", "waiting"]]);
  next()?.resolve();
  await later();
  next()?.reject(new WireFailure("QuotaExceeded", "Full."));
  await later();
  const [, , third, fourth] = uploads.read();
  uploads.cancel(fourth?.id ?? 0);
  uploads.cancel(third?.id ?? 0);
  await later();
  expect([asked, kinds(uploads), landed()]).toEqual([
    ["a/1", "a/2", "a/3"],
    ["done", "failed", "cancelled", "cancelled"],
    1,
  ]);
});

test("one that was cut off goes on when the way is open again, and one that was refused when it is told to", async () => {
  const { uploads, asked, next } = line();
  uploads.add("", [file("1"), file("2")]);
  next()?.reject(new WireFailure("SandboxUnavailable", ""));
  await later();
  next()?.reject(new WireFailure("QuotaExceeded", "Full."));
  await later();
  uploads.resumeCutOff();
  next()?.resolve();
  await later();
  expect([asked, kinds(uploads)]).toEqual([
    ["1", "2", "1"],
    ["done", "failed"],
  ]);
  uploads.resume(uploads.read()[1]?.id ?? 0);
  next()?.resolve();
  await later();
  expect(kinds(uploads)).toEqual(["done", "done"]);
});

test("one that met a file of its name replaces it only when it is told to", async () => {
  const { uploads, next, replaced, landed } = line();
  uploads.add("", [file("1")]);
  next()?.reject(new WireFailure("VersionConflict", "Taken."));
  await later();
  expect([kinds(uploads), replaced]).toEqual([["failed"], []]);
  await uploads.replace(uploads.read()[0]?.id ?? 0);
  expect([kinds(uploads), replaced, landed()]).toEqual([["done"], ["1"], 1]);
  uploads.clear();
  expect(uploads.read()).toEqual([]);
});
