import { useEffect, useRef, useState } from "react";
import { Kbd } from "./kbd.tsx";
import type { TooltipSide } from "./tooltip-side.ts";

const selector = "[data-tooltip]";
const delayMs = 450;
const gap = 6;
const edge = 8;

const opposite: Record<TooltipSide, TooltipSide> = { top: "bottom", bottom: "top", left: "right", right: "left" };

const isSide = (value: string | undefined): value is TooltipSide => value !== undefined && value in opposite;

interface Size {
  readonly width: number;
  readonly height: number;
}

const pointAt = (anchor: DOMRect, size: Size, side: TooltipSide) => {
  const middleX = anchor.left + anchor.width / 2 - size.width / 2;
  const middleY = anchor.top + anchor.height / 2 - size.height / 2;
  switch (side) {
    case "top":
      return { x: middleX, y: anchor.top - size.height - gap };
    case "bottom":
      return { x: middleX, y: anchor.bottom + gap };
    case "left":
      return { x: anchor.left - size.width - gap, y: middleY };
    case "right":
      return { x: anchor.right + gap, y: middleY };
  }
};

/** Beside the anchor on the wished side, on the other side where that leaves the view, and never outside it. */
const placeTooltip = (anchor: DOMRect, size: Size, view: Size, side: TooltipSide) => {
  const wished = pointAt(anchor, size, side);
  const fits =
    side === "top" || side === "bottom"
      ? wished.y >= 0 && wished.y + size.height <= view.height
      : wished.x >= 0 && wished.x + size.width <= view.width;
  const { x, y } = fits ? wished : pointAt(anchor, size, opposite[side]);
  return {
    x: Math.max(edge, Math.min(x, view.width - size.width - edge)),
    y: Math.max(edge, Math.min(y, view.height - size.height - edge)),
  };
};

/** The one tooltip of the page. */
export default function TooltipLayer() {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const box = useRef<HTMLDivElement>(null);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const hide = () => {
      clearTimeout(timer);
      setAnchor(null);
    };
    const aim = (target: EventTarget | null, wait: number) => {
      const element = target instanceof Element ? target.closest<HTMLElement>(selector) : null;
      clearTimeout(timer);
      if (element === null) return setAnchor(null);
      timer = setTimeout(() => setAnchor(element), wait);
    };
    const onPointerOver = (event: PointerEvent) => {
      if (event.pointerType !== "touch") aim(event.target, delayMs);
    };
    const onFocusIn = ({ target }: FocusEvent) => {
      if (target instanceof Element && target.matches(":focus-visible")) aim(target, delayMs);
    };
    const hiding = ["pointerdown", "keydown", "scroll", "focusout", "blur"] as const;
    document.addEventListener("pointerover", onPointerOver);
    document.addEventListener("focusin", onFocusIn);
    for (const name of hiding) window.addEventListener(name, hide, { capture: true, passive: true });
    return () => {
      clearTimeout(timer);
      document.removeEventListener("pointerover", onPointerOver);
      document.removeEventListener("focusin", onFocusIn);
      for (const name of hiding) window.removeEventListener(name, hide, { capture: true });
    };
  }, []);

  useEffect(() => {
    const element = box.current;
    if (element === null || anchor === null) return;
    const { tooltipSide } = anchor.dataset;
    const { x, y } = placeTooltip(
      anchor.getBoundingClientRect(),
      element.getBoundingClientRect(),
      { width: window.innerWidth, height: window.innerHeight },
      isSide(tooltipSide) ? tooltipSide : "top",
    );
    element.style.translate = `${Math.round(x)}px ${Math.round(y)}px`;
    element.style.opacity = "1";
  }, [anchor]);

  const label = anchor?.dataset.tooltip;
  const keys = anchor?.dataset.tooltipKeys;
  if (label === undefined) return null;
  return (
    <div
      ref={box}
      key={label}
      aria-hidden="true"
      className="pointer-events-none fixed top-0 left-0 z-60 flex max-w-72 items-center gap-2 rounded-md bg-ink px-2 py-1 text-canvas text-xs opacity-0 shadow-raised transition-opacity duration-100"
    >
      {label}
      {keys === undefined ? null : <Kbd keys={keys} tone="inverse" />}
    </div>
  );
}
