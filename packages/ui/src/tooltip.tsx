import { quietPart, useQuietPart } from "./quiet-part.ts";
import type { TooltipSide } from "./tooltip-side.ts";

export type { TooltipSide } from "./tooltip-side.ts";

export interface TooltipText {
  readonly label: string;
  /** Keys shown beside the label, e.g. "⌘ ⇧ O". */
  readonly shortcut?: string | undefined;
  readonly side?: TooltipSide | undefined;
}

/** Attributes that give an element a tooltip. It repeats the element's name: nothing is only in a tooltip. */
export const tooltip = ({ label, shortcut, side }: TooltipText) => ({
  "data-tooltip": label,
  "data-tooltip-keys": shortcut,
  "data-tooltip-side": side,
});

const layer = quietPart(() => import("./tooltip-layer.tsx"));

/** Draws the one tooltip of the page. Mount it once; elements ask for it with `tooltip(…)`. */
export function TooltipLayer() {
  const Layer = useQuietPart(layer);
  return Layer === null ? null : <Layer />;
}
