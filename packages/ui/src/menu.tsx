import {
  lazy,
  type MouseEvent,
  type ReactElement,
  type ReactNode,
  type RefObject,
  Suspense,
  useCallback,
  useRef,
  useState,
} from "react";
import type { MenuAction } from "./menu-action.ts";

export type { MenuAction } from "./menu-action.ts";

// Menus are not needed for the first paint; the code arrives while the pointer or the focus nears a trigger.
const load = () => import("./menu-popup.tsx");
const MenuPopup = lazy(load);
const preload = () => void load();

export interface MenuTriggerProps {
  readonly ref: RefObject<HTMLButtonElement | null>;
  readonly onClick: () => void;
  readonly onPointerEnter: () => void;
  readonly onFocus: () => void;
  readonly "aria-haspopup": "menu";
  readonly "aria-expanded": boolean;
  readonly "data-popup-open": "" | undefined;
}

export interface MenuProps {
  /** Draws the button that opens the menu; it must spread what it is given. */
  readonly trigger: (props: MenuTriggerProps) => ReactElement;
  /** Stands above the actions. */
  readonly header?: ReactNode;
  readonly actions: readonly MenuAction[];
  readonly align?: "start" | "center" | "end";
  readonly side?: "top" | "bottom" | "right";
}

export function Menu({ trigger, header, actions, align = "end", side = "bottom" }: MenuProps) {
  const [isOpen, setIsOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  return (
    <>
      {trigger({
        ref: button,
        onClick: () => setIsOpen(true),
        onPointerEnter: preload,
        onFocus: preload,
        "aria-haspopup": "menu",
        "aria-expanded": isOpen,
        "data-popup-open": isOpen ? "" : undefined,
      })}
      {isOpen ? (
        <Suspense>
          <MenuPopup {...{ header, actions, align, side }} anchor={button} onClose={() => setIsOpen(false)} />
        </Suspense>
      ) : null}
    </>
  );
}

export interface ContextMenuTriggerProps {
  readonly onContextMenu: (event: MouseEvent) => void;
}

export interface ContextMenuAreaProps {
  /** Draws what is clicked with the secondary button; it must spread what it is given. */
  readonly children: (props: ContextMenuTriggerProps) => ReactElement;
  readonly actions: readonly MenuAction[];
}

export function ContextMenuArea({ children, actions }: ContextMenuAreaProps) {
  const [point, setPoint] = useState<{ readonly x: number; readonly y: number } | null>(null);
  const onContextMenu = useCallback((event: MouseEvent) => {
    event.preventDefault();
    setPoint({ x: event.clientX, y: event.clientY });
  }, []);
  return (
    <>
      {children({ onContextMenu })}
      {point === null ? null : (
        <Suspense>
          <MenuPopup
            actions={actions}
            align="start"
            side="bottom"
            anchor={{ getBoundingClientRect: () => new DOMRect(point.x, point.y, 0, 0) }}
            onClose={() => setPoint(null)}
          />
        </Suspense>
      )}
    </>
  );
}
