import { useCallback, useState } from "react";
import { recall, remember } from "../../lib/device-memory.ts";

const storageKey = "threadbox.sidebar";

/** Whether the threads stand beside the page on wide screens; remembered on this device. */
export const useSidebarState = () => {
  const [isOpen, setIsOpen] = useState(() => recall(storageKey) !== "closed");
  const toggle = useCallback(
    () =>
      setIsOpen((wasOpen) => {
        remember(storageKey, wasOpen ? "closed" : "open");
        return !wasOpen;
      }),
    [],
  );
  return { isOpen, toggle };
};
