import { useEffect, useRef } from "react";
import { isComposing } from "../../lib/is-composing.ts";
import { comboAria, comboLabel, matches } from "./combo.ts";
import { composerShortcuts, isSingleKey, type ShortcutId, shortcutIds, shortcuts } from "./registry.ts";
import { hasSingleKeys } from "./single-keys.ts";

const isMac = (): boolean => /Mac|iPhone|iPad/.test(navigator.userAgent);

/** The keys of a command for people; empty where it has none. */
export const shortcutKeys = (id: ShortcutId): string => {
  const { combo } = shortcuts[id];
  return combo === undefined ? "" : comboLabel(combo, isMac());
};

/** For `aria-keyshortcuts`. */
export const shortcutAria = (id: ShortcutId): string | undefined => {
  const { combo } = shortcuts[id];
  return combo === undefined ? undefined : comboAria(combo, isMac());
};

/** Returns false where it leaves the key to others. */
type Handler = () => boolean | undefined;

/** The last one mounted comes first. */
const handlers = new Map<ShortcutId, Handler[]>();

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"));

/** Whether anything on the page does this command at the moment. */
export const isHandled = (id: ShortcutId): boolean => (handlers.get(id) ?? []).length > 0;

/** Does a command; false where nothing on the page does it. */
export const runCommand = (id: ShortcutId): boolean => (handlers.get(id) ?? []).some((handler) => handler() !== false);

const onKeyDown = (event: KeyboardEvent): void => {
  if (event.defaultPrevented || isComposing(event)) return;
  for (const id of shortcutIds) {
    const { combo, whileTyping } = shortcuts[id];
    if (combo === undefined || composerShortcuts.includes(id) || !matches(combo, event, isMac())) continue;
    if (whileTyping !== true && isTyping(event.target)) continue;
    if (isSingleKey(id) && !hasSingleKeys()) continue;
    if (!runCommand(id)) continue;
    event.preventDefault();
    return;
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

/**
 * Runs while the component is on the page and the command makes sense there, which is also when the palette offers it. A
 * handler that answers false lets the key go on.
 */
export const useShortcut = (id: ShortcutId, handler: Handler, isAvailable = true): void => {
  const current = useRef(handler);
  useEffect(() => {
    current.current = handler;
  });
  useEffect(() => (isAvailable ? add(id, () => current.current()) : undefined), [id, isAvailable]);
};
