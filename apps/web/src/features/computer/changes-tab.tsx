import { ChangesView } from "../changes/index.ts";
import type { ComputerTabProps } from "./tab-props.ts";

/** What this thread's work changed. */
export default function ChangesTab(props: ComputerTabProps) {
  return <ChangesView {...props} />;
}
