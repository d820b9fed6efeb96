import type { ReactNode } from "react";

export interface MenuAction {
  readonly label: string;
  readonly icon?: ReactNode;
  readonly shortcut?: string | undefined;
  readonly tone?: "plain" | "bad";
  /** Draws a line above. */
  readonly startsGroup?: boolean;
  readonly onSelect: () => void;
}
