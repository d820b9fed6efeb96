import { HistoryView } from "../points/index.ts";
import type { ComputerTabProps } from "./tab-props.ts";

/** What the thread's files can be restored to. */
export default function HistoryTab(props: ComputerTabProps) {
  return <HistoryView {...props} />;
}
