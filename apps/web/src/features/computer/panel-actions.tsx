import { createContext, type ReactNode, use } from "react";
import { createPortal } from "react-dom";

/** The place in the panel's head for what the tab in front offers. */
export const PanelActionsPlace = createContext<HTMLElement | null>(null);

/** Buttons of a tab, shown in the panel's head. A tab renders them while it is in front. */
export function PanelActions({ children }: { readonly children: ReactNode }) {
  const place = use(PanelActionsPlace);
  return place === null ? null : createPortal(children, place);
}
