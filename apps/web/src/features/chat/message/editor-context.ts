import { type ComponentType, createContext } from "react";
import type { ChatMessage } from "../thread/message-view.ts";

export interface EditMessageProps {
  readonly message: ChatMessage;
  /** Gets the new text, or null where nothing is to change. */
  readonly onDone: (text: string | null) => void;
}

/** What a message is edited with; it comes with the live thread, as nothing can be edited without that. */
export const EditorContext = createContext<ComponentType<EditMessageProps> | null>(null);
