import { Menu as Base } from "@base-ui/react/menu";
import { Fragment, type ReactNode, type RefObject } from "react";
import { classNames } from "./class-names.ts";
import { Kbd } from "./kbd.tsx";
import type { MenuAction } from "./menu-action.ts";

/** What has the focus in a menu that opens: an entry for keys, the menu itself for a pointer, which points for itself. */
export type MenuStart = "menu" | "first" | "last";

export interface MenuPopupProps {
  readonly anchor: RefObject<HTMLElement | null> | { readonly getBoundingClientRect: () => DOMRect };
  readonly header?: ReactNode;
  readonly actions: readonly MenuAction[];
  readonly align: "start" | "center" | "end";
  readonly side: "top" | "bottom" | "right";
  readonly start: MenuStart;
  readonly onClose: () => void;
}

/** Closing gives the focus back to the trigger; what the action focuses must come after that. */
const afterClosing = (act: () => void) => void setTimeout(act);

/** An open menu. It lives from opening to closing. */
export default function MenuPopup({ anchor, header, actions, align, side, start, onClose }: MenuPopupProps) {
  // The menu gives the focus to the first thing in it that Tab would reach, and to itself where there is none.
  const startIndex = { menu: -1, first: 0, last: actions.length - 1 }[start];
  return (
    <Base.Root open onOpenChange={(isOpen) => (isOpen ? undefined : onClose())}>
      <Base.Portal>
        <Base.Positioner anchor={anchor} align={align} side={side} sideOffset={4} className="z-40 outline-none">
          <Base.Popup
            {...("current" in anchor ? { finalFocus: anchor } : {})}
            className="min-w-48 animate-appear rounded-lg border bg-raised p-1 shadow-overlay outline-none"
          >
            {header}
            {actions.map(({ label, icon, shortcut, tone, startsGroup, onSelect }, index) => (
              <Fragment key={label}>
                {startsGroup === true ? <Base.Separator className="-mx-1 my-1 h-px bg-line" /> : null}
                <Base.Item
                  {...(index === startIndex ? { tabIndex: 0 } : {})}
                  className={classNames(
                    "flex h-8 cursor-pointer select-none items-center gap-2 rounded-md px-2 text-sm outline-none",
                    "data-highlighted:bg-hover pointer-coarse:h-11 [&_svg]:size-4 [&_svg]:text-ink-muted",
                    tone === "bad" && "text-bad [&_svg]:text-bad",
                  )}
                  onClick={() => afterClosing(onSelect)}
                >
                  {icon}
                  <span className="flex-1">{label}</span>
                  {shortcut === undefined ? null : <Kbd keys={shortcut} />}
                </Base.Item>
              </Fragment>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
