import { expect, test } from "vitest";
import { withReturned } from "../outbox/index.ts";
import { asAttached, attachedIn, deviceUrl, inWorkspace, readFiles, writeFiles } from "./attached.ts";

const part = {
  type: "file",
  mediaType: "image/png",
  filename: "a.png",
  url: deviceUrl("1"),
  providerMetadata: { threadbox: { sizeBytes: 3 } },
} as const;

test("a file that has arrived is named by its place in the workspace", () => {
  expect(inWorkspace(part, "a-2.png")).toEqual({ ...part, filename: "a-2.png", url: "workspace:///uploads/a-2.png" });
});

test("a draft's files survive being kept, also where a message that was taken back joins them", () => {
  const other = inWorkspace(part, "b.png");
  const kept = withReturned(writeFiles([part]), writeFiles([other]));
  expect(readFiles(kept)).toEqual([part, other]);
  expect([writeFiles([]), readFiles("")]).toEqual(["", []]);
});

test.each([
  [null],
  ["text"],
  [{}],
  [{ ...part, url: 5 }],
  [{ ...part, type: "text" }],
  [{ ...part, url: "https://evil.test/a.png" }],
  [{ ...part, url: "file:///etc/passwd" }],
  [{ ...part, url: "workspace:///uploads/../a.png" }],
])("%j is no file", (value) => {
  expect(asAttached(value)).toBeNull();
  expect(attachedIn([value, part])).toEqual([part]);
  expect(readFiles(JSON.stringify([value]))).toEqual([]);
});

test.each(["{", "[", "5", "null", '{"a":1}'])("a device that kept %j has no files", (kept) => {
  expect(readFiles(kept)).toEqual([]);
});
