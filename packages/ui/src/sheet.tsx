import { useEffect } from "react";
import { Later, laterPart } from "./later.tsx";
import { loadQuietly } from "./load-quietly.ts";
import type { SheetPopupProps } from "./sheet-popup.tsx";
import { useHasBeen } from "./use-has-been.ts";

const load = () => import("./sheet-popup.tsx");
const popup = laterPart(load);

/** A panel that slides over the page from its start, for narrow screens. Its code arrives in a quiet moment. */
export function Sheet(props: SheetPopupProps) {
  useEffect(() => loadQuietly(load), []);
  const hasBeenOpen = useHasBeen(props.isOpen);
  return hasBeenOpen ? (
    <Later part={popup} isWanted={props.isOpen} onClose={() => props.onOpenChange(false)} props={props} />
  ) : null;
}
