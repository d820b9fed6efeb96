import type { LoginId } from "@threadbox/contracts/logins";
import { Button } from "@threadbox/ui/button";
import { Dialog } from "@threadbox/ui/dialog";
import { useState } from "react";
import { ConnectCard } from "./connect-card.tsx";
import { connectViewOf, endedFlowIdOf } from "./connect-view.ts";
import { LoginsLoading } from "./logins-loading.tsx";
import { OutageLine } from "./outage-line.tsx";
import { SharedNote } from "./shared-note.tsx";
import { loginTexts as texts } from "./texts.ts";
import { useConnecting } from "./use-connecting.ts";
import { type KnownLogins, type UseLogins, useLogins } from "./use-logins.ts";

interface Subject {
  /** Where OpenCode asks for the code; null: in the newest thread, or in a new one. */
  readonly threadId: string | null;
  /** The login to connect again; left out: another account. */
  readonly loginId?: LoginId | undefined;
}

export interface ConnectDialogProps extends Subject {
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
}

interface BodyProps extends Subject, Pick<UseLogins, "act" | "isOnline"> {
  readonly known: KnownLogins;
  readonly onDone: () => void;
}

function Body({ known: { list, ahead }, threadId, loginId, act, isOnline, onDone }: BodyProps) {
  const connecting = useConnecting(act, threadId);
  // What had ended before somebody came here says nothing about what they came for.
  const [oldFlowId] = useState(() => endedFlowIdOf(list));
  const view = connectViewOf(list, { loginId: loginId ?? null, oldFlowId });
  return (
    <ConnectCard
      view={view}
      ahead={ahead}
      connecting={connecting}
      isOnline={isOnline}
      onCancel={({ id }) => void act((api) => api.cancel(id))}
      afterwards={
        <Button tone="accent" onClick={onDone}>
          {texts.done}
        </Button>
      }
    />
  );
}

function Content({ onDone, ...subject }: Subject & Pick<BodyProps, "onDone">) {
  const { known, act, isOnline, outage, refusal } = useLogins();
  return (
    <div className="grid gap-3">
      {known === null ? (
        isOnline && outage === null ? (
          <LoginsLoading />
        ) : null
      ) : (
        <Body known={known} act={act} isOnline={isOnline} onDone={onDone} {...subject} />
      )}
      <OutageLine isOnline={isOnline} outage={outage} refusal={refusal} />
      <SharedNote />
    </div>
  );
}

/** Connect ChatGPT over any page. Closing it ends nothing: the server goes on waiting for the approval. */
export default function ConnectDialog({ isOpen, onOpenChange, ...subject }: ConnectDialogProps) {
  return (
    <Dialog isOpen={isOpen} onOpenChange={onOpenChange} title={texts.title}>
      <Content onDone={() => onOpenChange(false)} {...subject} />
    </Dialog>
  );
}
