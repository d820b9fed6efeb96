import { expect, test } from "vitest";
import { type AttachedFile, attachedParts } from "./attached.ts";

const picture: AttachedFile = {
  path: "uploads/Übersicht (1)#2.png",
  mediaType: "image/png",
  sizeBytes: 12,
  told: { kind: "shown" },
};

test("nothing is said where nothing is attached", () => {
  expect(attachedParts([])).toEqual([]);
});

test("a picture is named by its path, and given to OpenCode by an address that leads there", () => {
  const [note, file] = attachedParts([picture]);
  expect(note).toEqual({
    type: "text",
    synthetic: true,
    text: [
      "<attached-files>",
      "The user attached these files to the message. They are in the workspace:",
      '- "uploads/Übersicht (1)#2.png" (image/png, 12 bytes): you are shown it with this message',
      "</attached-files>",
    ].join("\n"),
  });
  const url = file?.type === "file" ? new URL(file.url) : null;
  expect(file).toMatchObject({ type: "file", mime: "image/png", filename: "Übersicht (1)#2.png" });
  expect([url?.protocol, decodeURIComponent(url?.pathname ?? "")]).toEqual(["file:", `/workspace/${picture.path}`]);
});
