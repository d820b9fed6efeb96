import { useEffect, useState } from "react";

/** How long the conversation may take to become readable before nothing waits for it any more. */
const patienceMs = 1_000;

/**
 * Whether the machinery of the live thread, most of the app's code, may be asked for: it stands back until the browser
 * has painted what there is to read, but never for long.
 */
export const useGoingLive = (isReadable: boolean): boolean => {
  const [isGoing, setIsGoing] = useState(false);
  useEffect(() => {
    const go = () => setIsGoing(true);
    // A page in the background paints nothing, and goes live all the same.
    const patience = setTimeout(go, patienceMs);
    let afterPaint: ReturnType<typeof setTimeout> | undefined;
    const frame = requestAnimationFrame(() => {
      if (isReadable) afterPaint = setTimeout(go);
    });
    return () => {
      clearTimeout(patience);
      clearTimeout(afterPaint);
      cancelAnimationFrame(frame);
    };
  }, [isReadable]);
  return isGoing;
};
