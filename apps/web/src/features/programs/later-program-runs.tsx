import { Suspense } from "react";
import { lazyOrNothing } from "../../lib/lazy-or-nothing.ts";
import type { ProgramRunsProps } from "./program-runs.tsx";

const Loaded = lazyOrNothing<ProgramRunsProps>(() => import("./program-runs.tsx"));

/** Its code is asked for when somebody looks at a thread's programs. */
export function LaterProgramRuns(props: ProgramRunsProps) {
  return (
    <Suspense fallback={null}>
      <Loaded {...props} />
    </Suspense>
  );
}
