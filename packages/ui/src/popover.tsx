import { Popover as Base } from "@base-ui/react/popover";
import type { ReactNode, RefObject } from "react";
import "./popover.css";

export interface PopoverProps {
  /** The button that has opened it, and has the focus again afterwards. */
  readonly anchor: RefObject<HTMLButtonElement | null>;
  /** Its name for assistive technology. */
  readonly label: string;
  readonly initialFocus: RefObject<HTMLElement | null>;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A small window beside its button. It lives from opening to closing. */
export function Popover({ anchor, label, initialFocus, onClose, children }: PopoverProps) {
  return (
    <Base.Root open onOpenChange={(isOpen) => (isOpen ? undefined : onClose())}>
      <Base.Portal>
        <Base.Positioner anchor={anchor} align="start" side="top" sideOffset={6} className="z-40 outline-none">
          <Base.Popup
            aria-label={label}
            initialFocus={initialFocus}
            finalFocus={anchor}
            onKeyDown={(event) => {
              if (event.key !== "Escape") return;
              // Its Esc is its own.
              event.stopPropagation();
              onClose();
            }}
            className="popover animate-appear rounded-lg border bg-raised shadow-overlay"
          >
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
