import { useEffect, useState } from "react";

/** The value as it is once it has not changed for so many milliseconds. */
export const useSettled = <A>(value: A, ms: number): A => {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
};
