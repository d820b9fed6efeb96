import {
  type ComponentType,
  cloneElement,
  createContext,
  createElement,
  Fragment,
  type ReactElement,
  type ReactNode,
} from "react";
import type { ChatMessage } from "../thread/message-view.ts";

export interface ControlProps {
  readonly messageId: string;
  /** The button that it lends what it does; says itself neither whether it is disabled nor what a click does. */
  readonly children: ReactElement<{ readonly disabled?: boolean }>;
}

/** What can be done with a message. */
export interface MessageControls {
  /** Stands for what it holds, and for the message's editor while that is open. */
  readonly Editable: ComponentType<{ readonly message: ChatMessage; readonly children: ReactNode }>;
  readonly Edit: ComponentType<ControlProps>;
  readonly Retry: ComponentType<ControlProps>;
  readonly PreviousVersion: ComponentType<ControlProps>;
  readonly NextVersion: ComponentType<ControlProps>;
}

/** A button that stands where it will be of use. */
export const InertControl: ComponentType<ControlProps> = ({ children }) => cloneElement(children, { disabled: true });

const inert: MessageControls = {
  Editable: ({ children }) => createElement(Fragment, null, children),
  Edit: InertControl,
  Retry: InertControl,
  PreviousVersion: InertControl,
  NextVersion: InertControl,
};

/** Come with the live thread, as nothing can be done with a message without it. */
export const MessageControlsContext = createContext<MessageControls>(inert);
