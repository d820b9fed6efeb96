import { EditorState } from "@codemirror/state";
import { expect, test } from "vitest";
import { lineEndOf } from "./line-ends.ts";

const texts = ["", "a", "a\n", "a\nb", "a\r\nb\r\n", "a\r\nb\nc", "a\rb", "\r\n\r", "\n\r\n"];

test.each(texts)("%j comes out of the editor as it went in", (doc) => {
  const state = EditorState.create({ doc, extensions: EditorState.lineSeparator.of(lineEndOf(doc)) });
  expect(state.sliceDoc()).toBe(doc);
});

test("a line that is added ends as the others do", () => {
  const state = EditorState.create({ doc: "a\r\nb", extensions: EditorState.lineSeparator.of(lineEndOf("a\r\nb")) });
  const { state: next } = state.update({ changes: { from: 3, insert: state.toText("\r\nc") } });
  expect(next.sliceDoc()).toBe("a\r\nb\r\nc");
});
