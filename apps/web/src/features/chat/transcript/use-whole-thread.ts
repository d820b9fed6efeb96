import { startTransition, useEffect, useState } from "react";
import { flushSync } from "react-dom";

/**
 * Whether every message has to be drawn: on paper, and for the browser's own search, which sees only what is on the page.
 * Nobody tells when that search ends, so it lasts for as long as the thread is open.
 */
export const useWholeThread = (): boolean => {
  const [isPrinted, setIsPrinted] = useState(false);
  const [isSearched, setIsSearched] = useState(false);
  useEffect(() => {
    const print = () => flushSync(() => setIsPrinted(true));
    const endPrint = () => setIsPrinted(false);
    const search = ({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent) => {
      // In the background: whoever begins to type into the search is not held up.
      if (key.toLowerCase() === "f" && (ctrlKey || metaKey) && !altKey && !shiftKey)
        startTransition(() => setIsSearched(true));
    };
    window.addEventListener("beforeprint", print);
    window.addEventListener("afterprint", endPrint);
    window.addEventListener("keydown", search);
    return () => {
      window.removeEventListener("beforeprint", print);
      window.removeEventListener("afterprint", endPrint);
      window.removeEventListener("keydown", search);
    };
  }, []);
  return isPrinted || isSearched;
};
