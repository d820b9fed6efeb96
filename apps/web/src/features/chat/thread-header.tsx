import { IconButton } from "@threadbox/ui/button";
import { Menu } from "@threadbox/ui/menu";
import { Skeleton } from "@threadbox/ui/skeleton";
import { Archive, Ellipsis } from "lucide-react";
import { type ReactNode, useRef, useState } from "react";
import { keepFocus } from "../../lib/focus.ts";
import { PageHeader } from "../../lib/page-header.tsx";
import { SandboxChip, type SandboxContact } from "../sandbox/index.ts";
import { useShortcut } from "../shortcuts/index.ts";
import { RenameField, type Thread, threadActions, threadTitle, useThreadCommands } from "../threads/index.ts";
import { chatTexts } from "./texts/conversation.ts";

export interface ThreadHeaderProps {
  readonly threadId: string;
  /** Undefined until Convex has answered. */
  readonly thread: Thread | undefined;
  readonly contact: SandboxContact;
  /** Controls beside the menu. */
  readonly children: ReactNode;
}

export function ThreadHeader({ threadId, thread, contact, children }: ThreadHeaderProps) {
  const commands = useThreadCommands();
  const [isRenaming, setIsRenaming] = useState(false);
  const header = useRef<HTMLSpanElement>(null);
  useShortcut("renameThread", () => setIsRenaming(true) ?? undefined);
  const act = (run: (open: Thread) => void) => () => {
    if (thread === undefined) return false;
    run(thread);
    return undefined;
  };
  useShortcut(
    "pinThread",
    act((open) => commands.setPinned(open, !open.isPinned)),
  );
  useShortcut(
    "archiveThread",
    act((open) => commands.setArchived(open, !open.isArchived)),
  );
  useShortcut("deleteThread", act(commands.remove));
  if (thread === undefined)
    return (
      <PageHeader>
        <Skeleton className="h-4 w-40" />
      </PageHeader>
    );
  const rename = () => setIsRenaming(true);
  return (
    <PageHeader>
      {isRenaming ? (
        <RenameField
          title={thread.title}
          className="h-8 min-w-0 flex-1 rounded-md border bg-raised px-2 font-medium text-sm outline-none ring-2 ring-focus"
          onDone={(title) => {
            setIsRenaming(false);
            keepFocus(() => header.current?.querySelector<HTMLElement>("button"));
            if (title !== null) commands.rename(thread, title);
          }}
        />
      ) : (
        <h1 className="flex min-w-0 flex-1 font-medium text-sm" title={threadTitle(thread)} onDoubleClick={rename}>
          <bdi className="truncate">{threadTitle(thread)}</bdi>
        </h1>
      )}
      {thread.isArchived ? (
        <span className="flex items-center gap-1.5 text-compact text-ink-muted">
          <Archive aria-hidden="true" className="size-4" /> {chatTexts.archived}
        </span>
      ) : null}
      <SandboxChip threadId={threadId} contact={contact} />
      {children}
      <span ref={header} className="contents">
        <Menu
          actions={threadActions(thread, commands, rename)}
          trigger={(trigger) => (
            <IconButton label={chatTexts.actions} icon={<Ellipsis />} tooltipSide="bottom" {...trigger} />
          )}
        />
      </span>
    </PageHeader>
  );
}
