import { widthMax, widthMin } from "./panel-state.ts";
import { computerTexts } from "./texts.ts";

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
      aria-label={computerTexts.resize}
      aria-valuenow={width}
      aria-valuemin={widthMin}
      aria-valuemax={widthMax}
      className="group relative hidden w-px shrink-0 cursor-col-resize touch-none bg-line outline-none after:absolute after:inset-y-0 after:-inset-x-1.5 after:z-10 hover:bg-line-strong focus-visible:bg-focus focus-visible:ring-1 focus-visible:ring-focus md:block"
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
