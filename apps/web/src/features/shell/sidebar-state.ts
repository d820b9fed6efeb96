import { useCallback, useState } from "react";

const storageKey = "threadbox.sidebar";

/** Whether the threads stand beside the page on wide screens; remembered on this device. */
export const useSidebarState = () => {
  const [isOpen, setIsOpen] = useState(() => localStorage.getItem(storageKey) !== "closed");
  const toggle = useCallback(
    () =>
      setIsOpen((wasOpen) => {
        localStorage.setItem(storageKey, wasOpen ? "closed" : "open");
        return !wasOpen;
      }),
    [],
  );
  return { isOpen, toggle };
};
