import { Suspense } from "react";
import { lazyOrNothing } from "../../lib/lazy-or-nothing.ts";
import type { AttentionProps } from "./attention.tsx";

const Loaded = lazyOrNothing(() => import("./attention.tsx"));

/** Tells that a turn has ended out of sight; its code is no part of a page's first words. */
export function Attention(props: AttentionProps) {
  return (
    <Suspense fallback={null}>
      <Loaded {...props} />
    </Suspense>
  );
}
