import { type ComponentProps, lazy, Suspense, useEffect } from "react";
import { loadQuietly } from "./load-quietly.ts";
import { useHasBeen } from "./use-has-been.ts";

const load = () => import("./dialog-popup.tsx");
const DialogPopup = lazy(load);

export type DialogProps = ComponentProps<typeof DialogPopup>;

/** A modal question or form. Its code arrives in a quiet moment. */
export function Dialog(props: DialogProps) {
  useEffect(() => loadQuietly(load), []);
  const hasBeenOpen = useHasBeen(props.isOpen);
  return hasBeenOpen ? (
    <Suspense>
      <DialogPopup {...props} />
    </Suspense>
  ) : null;
}
