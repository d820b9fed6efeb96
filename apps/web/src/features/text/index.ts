export { AnswerText, MendContext } from "./answer-text.tsx";
export { ChangeCount } from "./change-count.tsx";
export { CopyButton } from "./copy-button.tsx";
export { HighlightedCode } from "./highlighted-code.tsx";
export { DiffView, preloadDiffView } from "./later-diff-view.tsx";
export { LongText } from "./long-text.tsx";
export { outputBytes } from "./output-bytes.ts";
export { isBinary, terminalText, withoutMarks } from "./terminal-text.ts";
export { visibleText } from "./visible-text.ts";
