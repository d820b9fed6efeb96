import { useNavigate, useRouter } from "@tanstack/react-router";
import { api } from "@threadbox/convex/_generated/api";
import { showToast } from "@threadbox/ui/toast";
import { useMutation } from "convex/react";
import { useMemo } from "react";
import { keepFocus } from "../../lib/focus.ts";
import { threadTexts } from "./texts.ts";
import { type Thread, threadTitle } from "./thread.ts";
import { dropThread, patchThread } from "./thread-store.ts";

const { failures } = threadTexts;

const undoMs = 10_000;

const sayFailed = (title: string) => () => showToast({ title, durationMs: 0 });

const rows = () => [...document.querySelectorAll<HTMLElement>("[data-thread-row]")];

/** The row that comes to stand where the one with the focus is about to go. */
const rowOnceMore = () => {
  const index = rows().findIndex((row) => row.closest("li")?.contains(document.activeElement) === true);
  return () => (index === -1 ? null : (rows()[index] ?? rows().at(-1)));
};

/** What a person can do with a thread. Each shows its effect at once and takes it back if Convex refuses. */
export interface ThreadCommands {
  readonly create: () => Promise<Thread["threadId"]>;
  readonly rename: (thread: Thread, title: string) => void;
  readonly setPinned: (thread: Thread, isPinned: boolean) => void;
  readonly setArchived: (thread: Thread, isArchived: boolean) => void;
  readonly remove: (thread: Thread) => void;
}

export const useThreadCommands = (): ThreadCommands => {
  const navigate = useNavigate();
  const router = useRouter();
  const create = useMutation(api.threads.create);
  const rename = useMutation(api.threads.rename);
  const setPinned = useMutation(api.threads.setPinned);
  const setArchived = useMutation(api.threads.setArchived);
  const remove = useMutation(api.threads.remove);
  const restore = useMutation(api.threads.restore);

  return useMemo(() => {
    const renameNow = rename.withOptimisticUpdate((store, { threadId, title }) =>
      patchThread(store, threadId, { title }),
    );
    const pinNow = setPinned.withOptimisticUpdate((store, { threadId, isPinned }) =>
      patchThread(store, threadId, { isPinned }),
    );
    const archiveNow = setArchived.withOptimisticUpdate((store, { threadId, isArchived }) => {
      dropThread(store, threadId, (list) => list.isArchived !== isArchived);
      patchThread(store, threadId, { isArchived });
    });
    const removeNow = remove.withOptimisticUpdate((store, { threadId }) => dropThread(store, threadId));

    const isOpen = ({ threadId }: Thread) => router.state.location.pathname === `/t/${threadId}`;
    const leave = (thread: Thread) => {
      if (isOpen(thread)) void navigate({ to: "/" });
    };

    const commands: ThreadCommands = {
      create: () => create({}),
      rename: ({ threadId }, title) => void renameNow({ threadId, title }).catch(sayFailed(failures.rename)),
      setPinned: ({ threadId }, isPinned) =>
        void pinNow({ threadId, isPinned }).catch(sayFailed(isPinned ? failures.pin : failures.unpin)),
      setArchived: (thread, isArchived) => {
        const { threadId } = thread;
        if (isArchived) leave(thread);
        keepFocus(rowOnceMore());
        void archiveNow({ threadId, isArchived }).catch(sayFailed(isArchived ? failures.archive : failures.unarchive));
        const undo = { label: threadTexts.undo, onSelect: () => commands.setArchived(thread, false) };
        if (isArchived)
          showToast({ title: threadTexts.archived(threadTitle(thread)), durationMs: undoMs, action: undo });
      },
      remove: (thread) => {
        const { threadId } = thread;
        const wasOpen = isOpen(thread);
        leave(thread);
        keepFocus(rowOnceMore());
        void removeNow({ threadId }).catch(sayFailed(failures.delete));
        const onSelect = () => {
          restore({ threadId }).then(async () => {
            if (wasOpen) await navigate({ to: "/t/$threadId", params: { threadId } });
            keepFocus();
          }, sayFailed(failures.restore));
        };
        showToast({
          title: threadTexts.deleted(threadTitle(thread)),
          durationMs: undoMs,
          action: { label: threadTexts.undo, onSelect },
        });
      },
    };
    return commands;
  }, [create, rename, setPinned, setArchived, remove, restore, navigate, router]);
};
