import { Link } from "@tanstack/react-router";
import { Dot } from "@threadbox/ui/badge";
import { Button, IconButton } from "@threadbox/ui/button";
import { classNames } from "@threadbox/ui/class-names";
import { ContextMenuArea, Menu } from "@threadbox/ui/menu";
import { Ellipsis, LoaderCircle } from "lucide-react";
import { memo, useState } from "react";
import { keepFocus } from "../../lib/focus.ts";
import { RenameField } from "./rename-field.tsx";
import { threadTexts } from "./texts.ts";
import { type Thread, type ThreadMark, threadMark, threadTitle } from "./thread.ts";
import { threadActions } from "./thread-actions.tsx";
import type { ThreadCommands } from "./use-thread-commands.ts";

const markTone = { waiting: "warn", failed: "bad", unread: "accent" } as const;

function Mark({ mark }: { readonly mark: Exclude<ThreadMark, null> }) {
  const word = threadTexts.marks[mark];
  return (
    <span
      className="pointer-events-none flex size-6 items-center justify-center transition-opacity duration-100 group-focus-within/row:opacity-0 group-hover/row:opacity-0 pointer-coarse:opacity-100!"
      title={word}
    >
      {mark === "running" ? (
        <LoaderCircle aria-hidden="true" className="size-3.5 animate-turn text-ink-muted" />
      ) : (
        <Dot tone={markTone[mark]} />
      )}
      <span className="sr-only">{word}</span>
    </span>
  );
}

const rowLink = (threadId: string) =>
  document.querySelector<HTMLElement>(`[data-thread-row="${CSS.escape(threadId)}"]`);

export interface ThreadRowProps {
  readonly thread: Thread;
  readonly isCurrent: boolean;
  /** The page is about archived threads: the row says since when and offers the way back. */
  readonly isInArchive?: boolean;
  readonly commands: ThreadCommands;
  readonly onOpen: () => void;
}

const dayText = (time: number): string => new Intl.DateTimeFormat(undefined, { dateStyle: "medium" }).format(time);

const rowClass = "flex h-8 items-center gap-2 rounded-md ps-2 pe-1 text-sm pointer-coarse:h-11";

export const ThreadRow = memo(function ThreadRow({
  thread,
  isCurrent,
  isInArchive = false,
  commands,
  onOpen,
}: ThreadRowProps) {
  const [isRenaming, setIsRenaming] = useState(false);
  const title = threadTitle(thread);
  const mark = isCurrent && threadMark(thread) !== "running" ? null : threadMark(thread);
  const actions = threadActions(thread, commands, () => setIsRenaming(true));

  if (isRenaming)
    return (
      <div className={classNames(rowClass, "bg-raised ring-2 ring-focus")}>
        <RenameField
          title={thread.title}
          className="min-w-0 flex-1 bg-transparent outline-none"
          onDone={(chosen) => {
            setIsRenaming(false);
            keepFocus(() => rowLink(thread.threadId));
            if (chosen !== null) commands.rename(thread, chosen);
          }}
        />
      </div>
    );

  return (
    <ContextMenuArea actions={actions}>
      {(area) => (
        <div
          {...area}
          className={classNames(
            "group/row relative transition-colors duration-100",
            rowClass,
            isCurrent ? "bg-pressed" : "hover:bg-hover has-data-popup-open:bg-hover",
          )}
        >
          <Link
            to="/t/$threadId"
            params={{ threadId: thread.threadId }}
            data-thread-row={thread.threadId}
            title={title}
            onClick={onOpen}
            onDoubleClick={() => setIsRenaming(true)}
            onKeyDown={(event) => {
              if (event.key !== "F2") return;
              event.preventDefault();
              event.stopPropagation();
              setIsRenaming(true);
            }}
            className={classNames(
              "min-w-0 flex-1 truncate outline-none group-focus-within/row:pe-6 group-hover/row:pe-6 after:absolute after:inset-0 after:rounded-md focus-visible:after:outline-2 focus-visible:after:outline-focus focus-visible:after:-outline-offset-2",
              isCurrent || mark === "unread" ? "text-ink" : "text-ink-muted group-hover/row:text-ink",
              (isCurrent || mark === "unread") && "font-medium",
            )}
          >
            <bdi>{title}</bdi>
          </Link>
          {isInArchive ? (
            <>
              <time className="shrink-0 text-ink-muted text-xs" dateTime={new Date(thread.lastMessageAt).toISOString()}>
                {dayText(thread.lastMessageAt)}
              </time>
              <Button size="xs" className="me-7" onClick={() => commands.setArchived(thread, false)}>
                {threadTexts.unarchive}
              </Button>
            </>
          ) : null}
          {mark === null ? null : <Mark mark={mark} />}
          <span
            className={classNames(
              "absolute end-1 opacity-0 transition-opacity duration-100 pointer-coarse:static",
              "focus-within:opacity-100 group-hover/row:opacity-100 has-data-popup-open:opacity-100 pointer-coarse:opacity-100",
            )}
          >
            <Menu
              actions={actions}
              trigger={(trigger) => (
                <IconButton
                  label={threadTexts.actionsFor(title)}
                  icon={<Ellipsis />}
                  size="xs"
                  tabIndex={-1}
                  data-row-menu
                  {...trigger}
                />
              )}
            />
          </span>
        </div>
      )}
    </ContextMenuArea>
  );
});
