import type { FileToShow, LargestToShow, TurnToShow } from "./panel-wish.ts";

/** What every tab of the panel is told. */
export interface ComputerTabProps {
  readonly threadId: string;
  /** False while another tab is in front. A tab stays in the page from its first showing on, so that it loses nothing. */
  readonly isShown: boolean;
  readonly turn: TurnToShow | null;
  readonly file: FileToShow | LargestToShow | null;
}
