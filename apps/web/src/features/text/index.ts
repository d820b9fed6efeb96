export { AnswerText, MendContext } from "./answer-text.tsx";
export { CopyButton } from "./copy-button.tsx";
export { ChangeCount, DiffView } from "./diff-view.tsx";
export { terminalText, visibleText } from "./visible-text.ts";
