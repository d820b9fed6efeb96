import { useEffect } from "react";
import type { DialogPopupProps } from "./dialog-popup.tsx";
import { Later, laterPart } from "./later.tsx";
import { loadQuietly } from "./load-quietly.ts";
import { useHasBeen } from "./use-has-been.ts";

const load = () => import("./dialog-popup.tsx");
const popup = laterPart(load);

/** A modal question or form. Its code arrives in a quiet moment. */
export function Dialog(props: DialogPopupProps) {
  useEffect(() => loadQuietly(load), []);
  const hasBeenOpen = useHasBeen(props.isOpen);
  return hasBeenOpen ? (
    <Later part={popup} isWanted={props.isOpen} onClose={() => props.onOpenChange(false)} props={props} />
  ) : null;
}
