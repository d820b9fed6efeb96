import { createContext, type ReactNode, useContext, useState } from "react";
import { createPortal } from "react-dom";

interface Slot {
  readonly element: HTMLElement | null;
  readonly setElement: (element: HTMLElement | null) => void;
}

const SlotContext = createContext<Slot>({ element: null, setElement: () => undefined });

export function PageHeaderProvider({ children }: { readonly children: ReactNode }) {
  const [element, setElement] = useState<HTMLElement | null>(null);
  return <SlotContext value={{ element, setElement }}>{children}</SlotContext>;
}

/** Where the page at hand shows its header: in the one bar of the shell. */
export function PageHeaderSlot({ className }: { readonly className: string }) {
  const { setElement } = useContext(SlotContext);
  return <div ref={setElement} className={className} />;
}

interface PageHeaderProps {
  readonly children: ReactNode;
  /** Draws no line below it. */
  readonly isPlain?: boolean;
}

export function PageHeader({ children, isPlain = false }: PageHeaderProps) {
  const { element } = useContext(SlotContext);
  return element === null
    ? null
    : createPortal(
        <div data-page-header={isPlain ? undefined : ""} className="contents">
          {children}
        </div>,
        element,
      );
}
