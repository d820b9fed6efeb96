import { attachmentLimits } from "@threadbox/contracts/attachment-limits";
import { expect, test } from "vitest";
import { takeFiles } from "./taken-files.ts";

const host = (isDrawable = true) => {
  let count = 0;
  return {
    newId: () => {
      count += 1;
      return String(count);
    },
    isDrawable: async () => isDrawable,
  };
};

const taken = async (given: readonly File[], isDrawable = true) => {
  const { files, problems } = await takeFiles(given, [], host(isDrawable));
  return { files: files.map(({ part }) => [part.filename, part.mediaType]), problems };
};

test("a file is taken under a name that it can have in the workspace, with its size, type and bytes", async () => {
  const given = [new File(["abc"], "../\u202ea.txt", { type: "text/plain; charset=utf-8" })];
  const { files } = await takeFiles(given, [], host());
  expect(files.map(({ part }) => part)).toEqual([
    {
      type: "file",
      mediaType: "text/plain",
      filename: "-a.txt",
      url: "device:1",
      providerMetadata: { threadbox: { sizeBytes: 3 } },
    },
  ]);
  expect(await files[0]?.content.text()).toBe("abc");
});

test("files of one name are told apart, and one without a type or a byte is a file all the same", async () => {
  const given = [new File(["a"], "image.png", { type: "image/png" }), new File(["b"], "image.png"), new File([], "no")];
  expect(await taken(given)).toEqual({
    files: [
      ["image.png", "image/png"],
      ["image-2.png", "application/octet-stream"],
      ["no", "application/octet-stream"],
    ],
    problems: [],
  });
});

test("a picture that can't be drawn is taken for no picture", async () => {
  expect((await taken([new File(["x"], "a.png", { type: "image/png" })], false)).files).toEqual([
    ["a.png", "application/octet-stream"],
  ]);
});

test("what is too large, can't be read or is one too many is left out with a word", async () => {
  const large = new File(["x"], "film.mov");
  Object.defineProperty(large, "size", { value: attachmentLimits.bytesMax + 1 });
  const folder = new File([], "folder");
  folder.arrayBuffer = () => Promise.reject(new DOMException("A folder.", "NotFoundError"));
  const many = Array.from({ length: 10 }, (_, n) => new File(["x"], `${n}.txt`));
  const { files, problems } = await taken([large, folder, ...many]);
  expect(files).toHaveLength(8);
  expect(problems).toEqual([
    "film.mov is larger than 25 MB, the most a message can take.",
    "Couldn’t read folder. Folders can’t be attached.",
    "A message can have up to 10 files. The rest were left out.",
  ]);
});
