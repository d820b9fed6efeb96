import { useRef } from "react";

/** Whether the value was true at this render or any before: keeps a closing animation alive after the first opening. */
export const useHasBeen = (value: boolean): boolean => {
  const hasBeen = useRef(false);
  if (value) hasBeen.current = true;
  return hasBeen.current;
};
