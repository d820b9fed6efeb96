import type { QueuedMessage } from "@threadbox/contracts/live";
import { Button, IconButton } from "@threadbox/ui/button";
import { ArrowUp, Pencil, Play, Trash2 } from "lucide-react";
import { useId } from "react";
import { liveTexts } from "../texts/live.ts";
import { useLiveCommands, useLiveValue } from "../thread/live-thread-context.tsx";
import { isQueueListed } from "../thread/message-view.ts";

function WaitingMessage(props: QueuedMessage & { readonly isFirst: boolean }) {
  const { messageId, text, attachments = [], isFirst } = props;
  const commands = useLiveCommands();
  const isConnected = useLiveValue((thread) => thread.isConnected);
  return (
    <li className="flex items-center gap-2 ps-3 pe-1.5">
      <bdi className="min-w-0 flex-1 truncate">
        {[text, ...attachments.map(({ filename }) => filename)].filter((words) => words !== "").join(" · ")}
      </bdi>
      <IconButton
        label={liveTexts.moveUp}
        icon={<ArrowUp />}
        size="sm"
        // What has come to the top keeps the focus of whoever moved it there.
        aria-disabled={isFirst}
        disabled={!isConnected}
        onClick={() => (isFirst ? undefined : commands().command({ type: "threadbox_advance", messageId }))}
      />
      <IconButton
        label={liveTexts.editQueued}
        icon={<Pencil />}
        size="sm"
        disabled={!isConnected}
        onClick={() =>
          commands().unqueue({ id: messageId, role: "user", parts: [{ type: "text", text }, ...attachments] })
        }
      />
      <IconButton
        label={liveTexts.removeQueued}
        icon={<Trash2 />}
        size="sm"
        disabled={!isConnected}
        onClick={() => commands().command({ type: "threadbox_unqueue", messageId })}
      />
    </li>
  );
}

/** The messages that wait, above the message box: several of them, or any number that a stop holds back. */
export function UpNext() {
  const live = useLiveValue((thread) => thread.live);
  const isConnected = useLiveValue((thread) => thread.isConnected);
  const commands = useLiveCommands();
  const headingId = useId();
  if (live === null || !isQueueListed(live)) return null;
  const { queued, isPaused = false } = live;
  const count = queued.length;
  return (
    <section aria-labelledby={headingId} className="mb-3 rounded-xl border bg-raised py-1.5 text-compact">
      <div className="flex min-h-8 flex-wrap items-center gap-2 ps-3 pe-1.5">
        <h2 id={headingId} className="flex-1 font-medium">
          {isPaused ? liveTexts.waiting(count) : liveTexts.upNext(count)}
        </h2>
        {isPaused ? (
          <Button size="sm" disabled={!isConnected} onClick={() => commands().command({ type: "threadbox_resume" })}>
            <Play /> {liveTexts.resume}
          </Button>
        ) : null}
        <Button
          tone="quiet"
          size="sm"
          disabled={!isConnected}
          onClick={() => commands().command({ type: "threadbox_clear" })}
        >
          {liveTexts.clear}
        </Button>
      </div>
      <ol className="relative max-h-40 overflow-y-auto text-ink-muted">
        {queued.map((message, index) => (
          <WaitingMessage key={message.messageId} isFirst={index === 0} {...message} />
        ))}
      </ol>
    </section>
  );
}
