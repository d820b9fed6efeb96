export { HistoryView } from "./history-view.tsx";
export { OffshootFrom } from "./offshoot-from.tsx";
export { RestoreBefore } from "./restore-before.tsx";
export { offshootTexts } from "./texts.ts";
