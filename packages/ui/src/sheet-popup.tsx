import { Dialog as Base } from "@base-ui/react/dialog";
import { type ReactNode, type TouchEvent, useRef } from "react";

export interface SheetPopupProps {
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
  /** Names the sheet for people who do not see it. */
  readonly title: string;
  readonly children: ReactNode;
}

const swipeLength = 56;

/** What closes the sheet where a finger pushes it back to the side it came from; up and down it scrolls. */
const useSwipe = (close: () => void) => {
  const from = useRef({ x: 0, y: 0 });
  const pointOf = ({ changedTouches }: TouchEvent) => {
    const touch = changedTouches[0];
    return { x: touch?.clientX ?? 0, y: touch?.clientY ?? 0 };
  };
  return {
    onTouchStart: (event: TouchEvent) => {
      from.current = pointOf(event);
    },
    onTouchEnd: (event: TouchEvent) => {
      const { x, y } = pointOf(event);
      const back = (from.current.x - x) * (document.dir === "rtl" ? -1 : 1);
      if (back > swipeLength && back > 2 * Math.abs(y - from.current.y)) close();
    },
  };
};

/** A panel that slides over the page from its start, for narrow screens. */
export default function SheetPopup({ isOpen, onOpenChange, title, children }: SheetPopupProps) {
  const swipe = useSwipe(() => onOpenChange(false));
  return (
    <Base.Root open={isOpen} onOpenChange={onOpenChange}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-30 bg-scrim transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Base.Popup
          {...swipe}
          className="fixed inset-y-0 start-0 z-30 flex w-[min(20rem,88vw)] flex-col border-e bg-panel shadow-overlay outline-none transition-transform duration-150 ease-settle data-ending-style:-translate-x-full data-starting-style:-translate-x-full"
        >
          <Base.Title className="sr-only">{title}</Base.Title>
          {children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
