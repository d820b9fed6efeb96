import { type ComponentProps, lazy, Suspense } from "react";
import { useHasBeen } from "./use-has-been.ts";

const DialogPopup = lazy(() => import("./dialog-popup.tsx"));

export type DialogProps = ComponentProps<typeof DialogPopup>;

/** A modal question or form. Its code arrives when it opens for the first time. */
export function Dialog(props: DialogProps) {
  const hasBeenOpen = useHasBeen(props.isOpen);
  return hasBeenOpen ? (
    <Suspense>
      <DialogPopup {...props} />
    </Suspense>
  ) : null;
}
