import { useCallback, useEffect, useState } from "react";
import { recall, remember } from "../../lib/device-memory.ts";

const openKey = (threadId: string) => `threadbox.panel.${threadId}`;

/** Whether this thread's panel stands open; remembered on this device. An address that asks for it opens it. */
export const usePanelOpen = (threadId: string, isAskedFor: boolean) => {
  const [isOpen, setIsOpen] = useState(() => isAskedFor || recall(openKey(threadId)) === "open");
  useEffect(() => {
    if (isAskedFor) remember(openKey(threadId), "open");
  }, [threadId, isAskedFor]);
  const toggle = useCallback(
    () =>
      setIsOpen((wasOpen) => {
        remember(openKey(threadId), wasOpen ? null : "open");
        return !wasOpen;
      }),
    [threadId],
  );
  return { isOpen, toggle };
};
