import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState, type Extension } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";

const words = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: "var(--syntax-token-keyword)" },
  { tag: [tags.comment, tags.meta], color: "var(--syntax-token-comment)" },
  { tag: [tags.string, tags.regexp, tags.special(tags.string)], color: "var(--syntax-token-string)" },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: "var(--syntax-token-constant)" },
  { tag: [tags.function(tags.variableName), tags.tagName, tags.typeName], color: "var(--syntax-token-function)" },
  { tag: [tags.propertyName, tags.attributeName], color: "var(--syntax-token-constant)" },
  { tag: [tags.link, tags.url], color: "var(--syntax-token-link)" },
  { tag: tags.heading, fontWeight: "600" },
  { tag: tags.emphasis, fontStyle: "italic" },
  { tag: tags.strong, fontWeight: "600" },
]);

const looks = EditorView.theme({
  "&": { height: "100%", fontSize: "13px", color: "var(--color-ink)", background: "var(--color-raised)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--font-mono)", lineHeight: "20px" },
  ".cm-gutters": { background: "var(--color-panel)", color: "var(--color-ink-muted)", border: "none" },
  ".cm-activeLine": { background: "var(--color-hover)" },
  ".cm-activeLineGutter": { background: "var(--color-pressed)", color: "var(--color-ink)" },
  ".cm-cursor": { borderLeftColor: "var(--color-ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    background: "var(--color-selection)",
  },
  ".cm-panels": { background: "var(--color-panel)", color: "var(--color-ink)" },
  ".cm-panels.cm-panels-top": { borderBottom: "1px solid var(--color-line)" },
  ".cm-textfield": { background: "var(--color-raised)", border: "1px solid var(--color-line-strong)" },
  ".cm-button": {
    background: "var(--color-raised)",
    border: "1px solid var(--color-line-strong)",
    color: "var(--color-ink)",
  },
  ".cm-searchMatch": { background: "var(--color-warn-soft)" },
  ".cm-searchMatch-selected": { background: "var(--color-accent-soft)" },
  ".cm-changedLine": { background: "var(--color-good-soft)" },
  ".cm-deletedChunk": { background: "var(--color-bad-soft)" },
  ".cm-specialChar": { color: "var(--color-bad)" },
});

/** The nonce under which this page load lets styles in. */
const nonceOf = (document: Document): string => document.querySelector<HTMLElement>("script[nonce]")?.nonce ?? "";

export interface EditorSetup {
  readonly document: Document;
  readonly label: string;
  readonly lineEnd: "\n" | "\r\n";
  readonly onText: (text: string) => void;
  readonly onSave: () => void;
}

/** What the editor of a file is made of. Escape lets the next Tab leave it. */
export const editorExtensions = ({ document, label, lineEnd, onText, onSave }: EditorSetup): Extension => [
  EditorView.cspNonce.of(nonceOf(document)),
  EditorState.lineSeparator.of(lineEnd),
  EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "false", dir: "ltr" }),
  lineNumbers(),
  highlightActiveLine(),
  highlightActiveLineGutter(),
  highlightSpecialChars(),
  highlightSelectionMatches(),
  drawSelection(),
  history(),
  indentOnInput(),
  bracketMatching(),
  search({ top: true }),
  syntaxHighlighting(words),
  looks,
  keymap.of([
    {
      key: "Mod-s",
      run: () => {
        onSave();
        return true;
      },
    },
    indentWithTab,
    ...searchKeymap,
    ...historyKeymap,
    ...defaultKeymap,
  ]),
  EditorView.updateListener.of(({ docChanged, state }) => {
    if (docChanged) onText(state.sliceDoc());
  }),
];
