export { AnswerText, MendContext } from "./answer-text.tsx";
export { ChangeCount } from "./change-count.tsx";
export { CopyButton } from "./copy-button.tsx";
export { DiffView, preloadDiffView } from "./later-diff-view.tsx";
export { terminalText, visibleText } from "./visible-text.ts";
