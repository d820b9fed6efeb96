import { Suspense } from "react";
import { lazyOrNothing } from "../../lib/lazy-or-nothing.ts";
import type { DiffViewProps } from "./diff-view.tsx";

const load = async () => ({ default: (await import("./diff-view.tsx")).DiffView });
const Loaded = lazyOrNothing(load);

/** Fetches what draws diffs, so that a card opens with its content also where the network has gone since. */
export const preloadDiffView = (): void => void load().catch(() => undefined);

/** What a tool call changed in one file; its code is no part of a thread's first words. */
export function DiffView(props: DiffViewProps) {
  return (
    <Suspense fallback={null}>
      <Loaded {...props} />
    </Suspense>
  );
}
