import { useLocation } from "@tanstack/react-router";
import { useEffect } from "react";
import { scrollToMessage } from "./sought-message.ts";

/** An address that ends in `#` and a message's id leads to that message. */
export const useLinkedMessage = (): void => {
  // The whole of it: whoever goes to the same address again is led there again.
  const location = useLocation();
  useEffect(() => {
    if (location.hash !== "") scrollToMessage(location.hash);
  }, [location]);
};
