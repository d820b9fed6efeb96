import { ActivityView } from "../activity/index.ts";
import type { ComputerTabProps } from "./tab-props.ts";

/** What happened on the thread's computer. */
export default function ActivityTab(props: ComputerTabProps) {
  return <ActivityView {...props} />;
}
