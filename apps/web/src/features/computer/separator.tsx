import { panelTexts } from "./panel-texts.ts";
import { widthMax, widthMin } from "./panel-width.ts";

export interface SeparatorProps {
  /** Percent of the page's width that the panel takes. */
  readonly width: number;
  readonly onResize: (percent: number) => void;
}

const steps: Readonly<Record<string, number>> = { ArrowLeft: 2, ArrowRight: -2, PageUp: 10, PageDown: -10 };

/** The line between conversation and panel: dragged by pointer, moved by arrow keys. */
export function Separator({ width, onResize }: SeparatorProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule is not a control; this one is focusable and has a value
    <div
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={panelTexts.resize}
      aria-valuenow={width}
      aria-valuemin={widthMin}
      aria-valuemax={widthMax}
      className="computer-separator"
      onKeyDown={(event) => {
        const step = steps[event.key];
        if (step === undefined) return;
        event.preventDefault();
        onResize(width + (document.dir === "rtl" ? -step : step));
      }}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={(event) => {
        if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
        const whole = event.currentTarget.parentElement?.getBoundingClientRect();
        if (whole !== undefined) onResize((100 * (whole.right - event.clientX)) / whole.width);
      }}
    />
  );
}
