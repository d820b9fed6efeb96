import { FilesView } from "../files/index.ts";
import type { ComputerTabProps } from "./tab-props.ts";

/** The files of the thread's computer. */
export default function FilesTab(props: ComputerTabProps) {
  return <FilesView {...props} />;
}
