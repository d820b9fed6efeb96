import remend from "remend";
import { MendContext, PathLinkContext } from "../../text/index.ts";
import { EmptyThread } from "../composer/empty-thread.tsx";
import { TurnStatus } from "../later/later-parts.tsx";
import { Message } from "../message/message.tsx";
import { MessageControlsContext } from "../message/message-controls.ts";
import { useLiveValue } from "../thread/live-thread-context.tsx";
import { WorkspaceLink } from "../tools/workspace-link.tsx";
import { liveControls } from "./live-controls.tsx";
import { MessageWindow, type MessageWindowProps } from "./message-window.tsx";
import { ThreadRuntime } from "./thread-runtime.tsx";

const drawMessage: MessageWindowProps["children"] = (message) => <Message {...message} />;
const mend = (text: string): string => remend(text);

/** Stands for the answer until its message is here. */
function ComingAnswer() {
  const isComing = useLiveValue(
    ({ isBusy, live, messages }) => isBusy && messages.every(({ id }) => id !== live?.turn?.messageId),
  );
  return isComing ? <TurnStatus /> : null;
}

/** The thread's messages as its server tells them, while they are being written. */
export function LiveMessages(props: Pick<MessageWindowProps, "isAlone" | "onShown">) {
  return (
    <MessageControlsContext value={liveControls}>
      <MendContext value={mend}>
        <PathLinkContext value={WorkspaceLink}>
          <ThreadRuntime>
            <MessageWindow {...props}>{drawMessage}</MessageWindow>
          </ThreadRuntime>
          <EmptyThread />
          <ComingAnswer />
        </PathLinkContext>
      </MendContext>
    </MessageControlsContext>
  );
}
