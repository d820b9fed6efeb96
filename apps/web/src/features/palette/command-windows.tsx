import { loadQuietly } from "@threadbox/ui/load-quietly";
import { Suspense, useEffect, useState } from "react";
import { lazyOrNothing } from "../../lib/lazy-or-nothing.ts";
import { useShortcut } from "../shortcuts/index.ts";
import type { Thread } from "../threads/index.ts";

const loadPalette = () => import("./palette.tsx");
const loadSheet = () => import("./shortcut-sheet.tsx");
const Palette = lazyOrNothing(loadPalette);
const ShortcutSheet = lazyOrNothing(loadSheet);

/** The palette and the sheet of shortcuts; their code arrives in a quiet moment. */
export function CommandWindows({ threads }: { readonly threads: readonly Thread[] }) {
  const [shown, setShown] = useState<"palette" | "sheet" | null>(null);
  const [hasBeen, setHasBeen] = useState({ palette: false, sheet: false });
  useEffect(() => loadQuietly(loadPalette), []);
  useEffect(() => loadQuietly(loadSheet), []);
  const show = (what: "palette" | "sheet") => {
    setHasBeen((before) => ({ ...before, [what]: true }));
    setShown((before) => (before === what ? null : what));
    return undefined;
  };
  useShortcut("openPalette", () => show("palette"));
  useShortcut("openShortcuts", () => show("sheet"));
  useShortcut("openShortcutsByKey", () => show("sheet"));
  const close = (isOpen: boolean) => {
    if (!isOpen) setShown(null);
  };
  return (
    <Suspense>
      {hasBeen.palette ? <Palette isOpen={shown === "palette"} onOpenChange={close} threads={threads} /> : null}
      {hasBeen.sheet ? <ShortcutSheet isOpen={shown === "sheet"} onOpenChange={close} /> : null}
    </Suspense>
  );
}
