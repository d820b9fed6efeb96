import type { OpenedFile } from "@threadbox/contracts/files";
import { describe, expect, test } from "vitest";
import { WireFailure } from "../errors/index.ts";
import { FileDocument } from "./file-document.ts";

/** A file beside which somebody else works. */
class Elsewhere {
  text: string | null;
  #version = 1;
  loses = 0;
  isDown = false;
  readonly bodies: string[] = [];
  constructor(text: string) {
    this.text = text;
  }
  write(text: string | null) {
    this.text = text;
    this.#version += 1;
  }
  readonly open = async (path: string): Promise<OpenedFile> => {
    if (this.isDown) throw new TypeError("Failed to fetch");
    if (this.text === null) throw new WireFailure("NotFound", "Gone.");
    const hasBom = this.text.startsWith("\uFEFF");
    const content = { kind: "text", text: this.text.replace("\uFEFF", ""), hasBom } as const;
    return { path, sizeBytes: this.text.length, version: `v${this.#version}`, content };
  };
  readonly save = async (_: string, content: Blob, version: string | null) => {
    if (this.isDown) throw new TypeError("Failed to fetch");
    if (version !== null && (this.text === null || version !== `v${this.#version}`)) {
      throw new WireFailure("VersionConflict", "Changed.");
    }
    // `Blob.text` would take the mark away.
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(await content.arrayBuffer());
    this.bodies.push(text);
    this.write(text);
    if (this.loses > 0) {
      this.loses -= 1;
      throw new TypeError("Failed to fetch");
    }
    return { version: `v${this.#version}` };
  };
}

const opened = async (text: string) => {
  const file = new Elsewhere(text);
  const doc = new FileDocument(file, "a.txt");
  await doc.load();
  return { file, doc };
};

describe("a document", () => {
  test("is saved as it was: with its line ends and its byte order mark", async () => {
    const { file, doc } = await opened("\uFEFFone\r\ntwo\r\n");
    doc.edit("one\r\n2\r\n");
    expect(doc.read().isChanged).toBe(true);
    await doc.save();
    expect(file.bodies).toEqual(["\uFEFFone\r\n2\r\n"]);
    expect(doc.read()).toMatchObject({ isChanged: false, isSaving: false, trouble: null });
  });

  test("what is typed while it is being saved is not saved, and stays unsaved", async () => {
    const { file, doc } = await opened("one");
    doc.edit("two");
    const saving = doc.save();
    doc.edit("three");
    await saving;
    expect([file.text, doc.text, doc.read().isChanged]).toEqual(["two", "three", true]);
  });

  test("that somebody else has changed is not saved over, and nothing is lost on either side", async () => {
    const { file, doc } = await opened("one");
    doc.edit("mine");
    file.write("theirs");
    await doc.save();
    expect(doc.read()).toMatchObject({ isChanged: true, trouble: { kind: "conflict", isGone: false } });
    expect([file.text, doc.text]).toEqual(["theirs", "mine"]);
  });

  test("after a comparison it is saved over what was compared, and over nothing newer", async () => {
    const { file, doc } = await opened("one");
    doc.edit("mine");
    file.write("theirs");
    await doc.save();
    await doc.compare();
    expect(doc.read()).toMatchObject({ compared: "theirs", trouble: null, isChanged: true });
    file.write("newer");
    await doc.save();
    expect([file.text, doc.read().trouble?.kind]).toEqual(["newer", "conflict"]);
    await doc.overwrite();
    expect([file.text, doc.read().trouble, doc.read().compared]).toEqual(["mine", null, null]);
  });

  test("a reload gives up what was changed, and the editor takes the new text over", async () => {
    const { file, doc } = await opened("one");
    const { revision } = doc.read();
    doc.edit("mine");
    file.write("theirs");
    await doc.load();
    expect([doc.text, doc.read().isChanged, doc.read().revision]).toEqual(["theirs", false, revision + 1]);
  });

  test("that nobody has changed here follows the file; one that was changed says so", async () => {
    const { file, doc } = await opened("one");
    file.write("two");
    await doc.check();
    expect([doc.text, doc.read().trouble]).toEqual(["two", null]);
    doc.edit("mine");
    file.write("three");
    await doc.check();
    expect([doc.text, doc.read().trouble]).toEqual(["mine", { kind: "conflict", isGone: false }]);
    file.write(null);
    await doc.check();
    expect(doc.read().trouble).toEqual({ kind: "conflict", isGone: true });
    await doc.overwrite();
    expect(file.text).toBe("mine");
  });

  test("a save whose answer was lost is no conflict when it is tried again", async () => {
    const { file, doc } = await opened("one");
    doc.edit("mine");
    file.loses = 1;
    await doc.save();
    expect(doc.read()).toMatchObject({ isChanged: true, trouble: { kind: "saveFailed" } });
    await doc.save();
    expect(doc.read()).toMatchObject({ isChanged: false, trouble: null });
    expect(file.bodies).toEqual(["mine"]);
  });

  test("while the network is away nothing is lost, and a file that is not known to be gone is not said to be", async () => {
    const { file, doc } = await opened("one");
    doc.edit("mine");
    file.isDown = true;
    await doc.check();
    expect(doc.read().trouble).toBeNull();
    await doc.save();
    expect(doc.read()).toMatchObject({ isChanged: true, trouble: { kind: "saveFailed" } });
  });
});
