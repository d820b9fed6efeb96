import type { LinePlace } from "./diff-rows.ts";

/** What a person wants to say about one line. */
export interface Comment {
  readonly place: LinePlace;
  /** The line it is about, as it was when the comment was begun. */
  readonly quote: string;
  readonly text: string;
  /** Being written: it is not sent yet. */
  readonly isEditing: boolean;
}
