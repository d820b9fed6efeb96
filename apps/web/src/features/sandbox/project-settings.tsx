import { Button } from "@threadbox/ui/button";
import { Suspense, useState } from "react";
import { lazyOrNothing } from "../../lib/lazy-or-nothing.ts";
import { sandboxTexts } from "./details-texts.ts";

const TrustSection = lazyOrNothing(async () => ({ default: (await import("../trust/index.ts")).TrustSection }));

/** Whether what lies in the workspace is trusted; asked for where somebody wants to know, since that wakes the sandbox. */
export function ProjectSettings({ threadId }: { readonly threadId: string }) {
  const [isOpen, setIsOpen] = useState(false);
  if (isOpen)
    return (
      <div>
        <Suspense fallback={null}>
          <TrustSection threadId={threadId} />
        </Suspense>
      </div>
    );
  return (
    <div className="flex items-center justify-between gap-4">
      <p className="text-compact text-ink-muted">{sandboxTexts.project}</p>
      <Button onClick={() => setIsOpen(true)}>{sandboxTexts.reviewProject}</Button>
    </div>
  );
}
