import { type ComponentProps, lazy, Suspense, useEffect } from "react";
import { loadQuietly } from "./load-quietly.ts";
import { useHasBeen } from "./use-has-been.ts";

const load = () => import("./sheet-popup.tsx");
const SheetPopup = lazy(load);

export type SheetProps = ComponentProps<typeof SheetPopup>;

/** A panel that slides over the page from its start, for narrow screens. Its code arrives in a quiet moment. */
export function Sheet(props: SheetProps) {
  useEffect(() => loadQuietly(load), []);
  const hasBeenOpen = useHasBeen(props.isOpen);
  return hasBeenOpen ? (
    <Suspense>
      <SheetPopup {...props} />
    </Suspense>
  ) : null;
}
