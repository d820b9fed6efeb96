import { Dialog as Base } from "@base-ui/react/dialog";
import type { ReactNode } from "react";

export interface SheetPopupProps {
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
  /** Names the sheet for people who do not see it. */
  readonly title: string;
  readonly children: ReactNode;
}

/** A panel that slides over the page from its start, for narrow screens. */
export default function SheetPopup({ isOpen, onOpenChange, title, children }: SheetPopupProps) {
  return (
    <Base.Root open={isOpen} onOpenChange={onOpenChange}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-30 bg-scrim transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Base.Popup className="fixed inset-y-0 start-0 z-30 flex w-[min(20rem,88vw)] flex-col border-e bg-panel shadow-overlay outline-none transition-transform duration-150 ease-settle data-ending-style:-translate-x-full data-starting-style:-translate-x-full">
          <Base.Title className="sr-only">{title}</Base.Title>
          {children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
