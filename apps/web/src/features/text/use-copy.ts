import { useCallback, useEffect, useState } from "react";

const shownMs = 2_000;

/** Copies text, and tells for two seconds that it did. */
export const useCopy = () => {
  const [isCopied, setIsCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setIsCopied(false), shownMs);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = useCallback((text: string) => {
    navigator.clipboard.writeText(text).then(
      () => setIsCopied(true),
      // The browser asks the person, and a "no" is an answer.
      () => setIsCopied(false),
    );
  }, []);
  return { isCopied, copy };
};
