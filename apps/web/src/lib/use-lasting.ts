import { useEffect, useState } from "react";

/** A short gap is not worth a word. */
const patienceMs = 2_000;

/** Whether a condition has held for as long as people wait without wondering. */
export const useLasting = (condition: boolean): boolean => {
  const [hasLasted, setHasLasted] = useState(false);
  useEffect(() => {
    if (!condition) return setHasLasted(false);
    const timer = setTimeout(() => setHasLasted(true), patienceMs);
    return () => clearTimeout(timer);
  }, [condition]);
  return condition && hasLasted;
};
