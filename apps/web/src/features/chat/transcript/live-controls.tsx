import { ActionBarPrimitive, BranchPickerPrimitive, ThreadPrimitive, useAui, useAuiState } from "@assistant-ui/react";
import { createContext, type ReactNode, useContext, useEffect, useRef } from "react";
import { keepFocus } from "../../../lib/focus.ts";
import { attachedIn } from "../../attachments/index.ts";
import { EditMessage } from "../message/edit-message.tsx";
import { type ControlProps, InertControl, type MessageControls } from "../message/message-controls.ts";
import { useLiveCommands, useLiveValue } from "../thread/live-thread-context.tsx";

const ControlContext = createContext<ReactNode>(null);
const atMessage = { Message: () => useContext(ControlContext) };

interface AtMessageProps {
  readonly messageId: string;
  readonly children: ReactNode;
  /** Stands there until the runtime has the message. */
  readonly meanwhile: ReactNode;
}

/** What is in it acts on this message. */
function AtMessage({ messageId, children, meanwhile }: AtMessageProps) {
  const isKnown = useAuiState(({ thread }) => thread.messages.some(({ id }) => id === messageId));
  if (!isKnown) return meanwhile;
  return (
    <ControlContext value={children}>
      <ThreadPrimitive.Unstable_MessageById messageId={messageId} components={atMessage} />
    </ControlContext>
  );
}

type ActionButton =
  | typeof ActionBarPrimitive.Edit
  | typeof ActionBarPrimitive.Reload
  | typeof BranchPickerPrimitive.Next
  | typeof BranchPickerPrimitive.Previous;

const control =
  (Action: ActionButton, useIsDisabled = () => false) =>
  (props: ControlProps) => (
    <AtMessage messageId={props.messageId} meanwhile={<InertControl {...props} />}>
      <Action asChild disabled={useIsDisabled()}>
        {props.children}
      </Action>
    </AtMessage>
  );

const Editable: MessageControls["Editable"] = ({ message, children }) => {
  const { id } = message;
  const aui = useAui();
  const commands = useLiveCommands();
  const isKnown = useAuiState(({ thread }) => thread.messages.some((known) => known.id === id));
  const isEditing = useAuiState(
    ({ thread }) => thread.messages.find((known) => known.id === id)?.composer.isEditing ?? false,
  );
  const isAsked = useLiveValue(({ editedId }) => editedId === id) && isKnown;
  useEffect(() => {
    if (!isAsked) return;
    commands().askToEdit(null);
    aui.thread.message({ id }).composer().beginEdit();
  }, [isAsked, commands, aui, id]);
  const wasEditing = useRef(false);
  useEffect(() => {
    if (wasEditing.current && !isEditing) keepFocus();
    wasEditing.current = isEditing;
  }, [isEditing]);
  return isEditing ? (
    <AtMessage messageId={id} meanwhile={null}>
      <EditMessage filesCount={attachedIn(message.parts).length} />
    </AtMessage>
  ) : (
    children
  );
};

/** What can be done with a message of a live thread, by assistant-ui's primitives. */
export const liveControls: MessageControls = {
  Editable,
  // The runtime can always edit, so that a text under way is sent also where a turn has begun meanwhile.
  Edit: control(ActionBarPrimitive.Edit, () => useLiveValue(({ isBusy, isConnected }) => isBusy || !isConnected)),
  Retry: control(ActionBarPrimitive.Reload),
  PreviousVersion: control(BranchPickerPrimitive.Previous),
  NextVersion: control(BranchPickerPrimitive.Next),
};
