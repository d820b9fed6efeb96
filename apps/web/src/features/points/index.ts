export { ForkFrom } from "./fork-from.tsx";
export { HistoryView } from "./history-view.tsx";
export { RestoreBefore } from "./restore-before.tsx";
export { forkTexts } from "./texts.ts";
