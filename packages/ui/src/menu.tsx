import {
  type KeyboardEvent,
  type MouseEvent,
  type ReactElement,
  type ReactNode,
  type RefObject,
  useCallback,
  useEffect,
  useRef,
  useState,
} from "react";
import { Later, laterPart } from "./later.tsx";
import { loadQuietly } from "./load-quietly.ts";
import type { MenuAction } from "./menu-action.ts";
import type { MenuStart } from "./menu-popup.tsx";

export type { MenuAction } from "./menu-action.ts";

// Menus are not needed for the first paint; the code arrives in a quiet moment, or while the pointer or the focus nears
// a trigger.
const load = () => import("./menu-popup.tsx");
const popup = laterPart(load);
const preload = () => void load().catch(() => undefined);

export interface MenuTriggerProps {
  readonly ref: RefObject<HTMLButtonElement | null>;
  readonly onClick: (event: MouseEvent) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
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

/** Keys and assistive technology click without a pointer, which is what a count of 0 says. */
const startOfClick = ({ detail }: MouseEvent): MenuStart => (detail === 0 ? "first" : "menu");

export function Menu({ trigger, header, actions, align = "end", side = "bottom" }: MenuProps) {
  const [start, setStart] = useState<MenuStart | null>(null);
  const isOpen = start !== null;
  useEffect(() => loadQuietly(load), []);
  const button = useRef<HTMLButtonElement>(null);
  const close = () => setStart(null);
  return (
    <>
      {trigger({
        ref: button,
        onClick: (event) => setStart(startOfClick(event)),
        onKeyDown: (event) => {
          if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
          event.preventDefault();
          event.stopPropagation();
          setStart(event.key === "ArrowDown" ? "first" : "last");
        },
        onPointerEnter: preload,
        onFocus: preload,
        "aria-haspopup": "menu",
        "aria-expanded": isOpen,
        "data-popup-open": isOpen ? "" : undefined,
      })}
      {isOpen ? (
        <Later
          part={popup}
          isWanted
          onClose={close}
          props={{ header, actions, align, side, start, anchor: button, onClose: close }}
        />
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
  const [opened, setOpened] = useState<{ readonly point: DOMRect; readonly start: MenuStart } | null>(null);
  const onContextMenu = useCallback((event: MouseEvent) => {
    event.preventDefault();
    // The keyboard's menu key presses no button of a pointer.
    const start = event.button === 2 ? "menu" : "first";
    setOpened({ point: new DOMRect(event.clientX, event.clientY, 0, 0), start });
  }, []);
  const close = () => setOpened(null);
  return (
    <>
      {children({ onContextMenu })}
      {opened === null ? null : (
        <Later
          part={popup}
          isWanted
          onClose={close}
          props={{
            actions,
            align: "start",
            side: "bottom",
            start: opened.start,
            anchor: { getBoundingClientRect: () => opened.point },
            onClose: close,
          }}
        />
      )}
    </>
  );
}
