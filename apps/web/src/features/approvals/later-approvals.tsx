import { Suspense } from "react";
import { lazyOrNothing } from "../../lib/lazy-or-nothing.ts";
import type { ApprovalsProps } from "./approvals.tsx";

const Loaded = lazyOrNothing<ApprovalsProps>(() => import("./approvals.tsx"));

/** Its code is asked for when a program asks something. */
export function Approvals(props: ApprovalsProps) {
  return props.pending.length === 0 ? null : (
    <Suspense fallback={null}>
      <Loaded {...props} />
    </Suspense>
  );
}
