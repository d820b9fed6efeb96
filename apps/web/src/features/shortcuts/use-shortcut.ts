import { useEffect, useRef } from "react";
import { isComposing } from "../../lib/is-composing.ts";
import { comboAria, comboLabel, matches } from "./combo.ts";
import { composerShortcuts, type ShortcutId, shortcutIds, shortcuts } from "./registry.ts";

const isMac = (): boolean => /Mac|iPhone|iPad/.test(navigator.userAgent);

export const shortcutKeys = (id: ShortcutId): string => comboLabel(shortcuts[id].combo, isMac());
export const shortcutAria = (id: ShortcutId): string => comboAria(shortcuts[id].combo, isMac());

/** Returns false where it leaves the key to others. */
type Handler = () => boolean | undefined;

/** The last one mounted comes first. */
const handlers = new Map<ShortcutId, Handler[]>();

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"));

const onKeyDown = (event: KeyboardEvent): void => {
  if (event.defaultPrevented || isComposing(event)) return;
  for (const id of shortcutIds) {
    const { combo, whileTyping } = shortcuts[id];
    if (composerShortcuts.includes(id) || !matches(combo, event, isMac())) continue;
    if (!whileTyping && isTyping(event.target)) continue;
    for (const handler of handlers.get(id) ?? []) {
      if (handler() === false) continue;
      event.preventDefault();
      return;
    }
  }
};

const add = (id: ShortcutId, handler: Handler): (() => void) => {
  if ([...handlers.values()].every((list) => list.length === 0)) window.addEventListener("keydown", onKeyDown);
  handlers.set(id, [handler, ...(handlers.get(id) ?? [])]);
  return () => {
    handlers.set(
      id,
      (handlers.get(id) ?? []).filter((other) => other !== handler),
    );
    if ([...handlers.values()].every((list) => list.length === 0)) window.removeEventListener("keydown", onKeyDown);
  };
};

/** Runs while the component is on the page. A handler that answers false lets the key go on. */
export const useShortcut = (id: ShortcutId, handler: Handler): void => {
  const current = useRef(handler);
  useEffect(() => {
    current.current = handler;
  });
  useEffect(() => add(id, () => current.current()), [id]);
};
