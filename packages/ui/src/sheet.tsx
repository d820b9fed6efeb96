import { type ComponentProps, lazy, Suspense } from "react";
import { useHasBeen } from "./use-has-been.ts";

const SheetPopup = lazy(() => import("./sheet-popup.tsx"));

export type SheetProps = ComponentProps<typeof SheetPopup>;

/** A panel that slides over the page from its start, for narrow screens. Its code arrives when it opens first. */
export function Sheet(props: SheetProps) {
  const hasBeenOpen = useHasBeen(props.isOpen);
  return hasBeenOpen ? (
    <Suspense>
      <SheetPopup {...props} />
    </Suspense>
  ) : null;
}
