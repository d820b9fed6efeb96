import { useLocation } from "@tanstack/react-router";
import { useEffect } from "react";
import { scrollToMessage } from "./sought-message.ts";

/** An address that ends in `#` and a message's id leads to that message. */
export const useLinkedMessage = (): void => {
  const messageId = useLocation({ select: ({ hash }) => hash });
  useEffect(() => {
    if (messageId !== "") scrollToMessage(messageId);
  }, [messageId]);
};
