export { HistoryView } from "./history-view.tsx";
export { RestoreBefore } from "./restore-before.tsx";
