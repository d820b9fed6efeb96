import { unifiedMergeView } from "@codemirror/merge";
import { Compartment } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { useEffect, useRef } from "react";
import { languageOf } from "./editor-language.ts";
import { editorExtensions } from "./editor-setup.ts";
import type { FileDocument } from "./file-document.ts";
import { lineEndOf } from "./line-ends.ts";
import { fileTexts } from "./texts.ts";
import { nameOf } from "./tree-rows.ts";

export interface CodeEditorProps {
  readonly file: FileDocument;
  /** A new one: the editor begins anew with the document's text. */
  readonly revision: number;
  /** Shows what differs from this text; null: nothing is compared. */
  readonly compared: string | null;
}

/** The text of a file, to read and to change. */
export default function CodeEditor({ file, revision, compared }: CodeEditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const comparison = useRef(new Compartment());

  // biome-ignore lint/correctness/useExhaustiveDependencies: each revision is a text of its own
  useEffect(() => {
    if (place.current === null) return;
    const name = nameOf(file.read().path);
    const language = new Compartment();
    const editor = new EditorView({
      parent: place.current,
      doc: file.text,
      extensions: [
        editorExtensions({
          document,
          label: fileTexts.editor(name),
          lineEnd: lineEndOf(file.text),
          onText: (text) => file.edit(text),
          onSave: () => void file.save(),
        }),
        language.of([]),
        comparison.current.of([]),
      ],
    });
    view.current = editor;
    languageOf(name)?.().then(
      (extension) => editor.dispatch({ effects: language.reconfigure(extension) }),
      // Without its grammar a text is plain.
      () => undefined,
    );
    return () => {
      view.current = null;
      editor.destroy();
    };
  }, [file, revision]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new editor compares anew
  useEffect(() => {
    const shown =
      compared === null ? [] : unifiedMergeView({ original: compared.replaceAll("\r\n", "\n"), mergeControls: false });
    view.current?.dispatch({ effects: comparison.current.reconfigure(shown) });
  }, [compared, file, revision]);

  return <div ref={place} className="files-editor" />;
}
