import { Skeleton } from "@threadbox/ui/skeleton";
import { archiveTexts } from "./archive-texts.ts";
import { ThreadList } from "./thread-list.tsx";
import { useThreadCommands } from "./use-thread-commands.ts";
import { useThreadList } from "./use-thread-list.ts";

/** Threads that were put away; each opens as before, and its menu brings it back. */
export function ArchivedPage() {
  const { threads, loadMore } = useThreadList(true);
  const commands = useThreadCommands();
  return (
    <div className="relative min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto w-full max-w-2xl px-4 py-10">
        <h1 className="px-4 font-semibold text-xl tracking-tight">{archiveTexts.title}</h1>
        <p className="mt-1 mb-6 px-4 text-ink-muted">{archiveTexts.lead}</p>
        {threads === undefined ? (
          <div aria-hidden="true" className="space-y-3 px-4">
            <Skeleton className="h-4 w-52" />
            <Skeleton className="h-4 w-48" />
            <Skeleton className="h-4 w-56" />
          </div>
        ) : threads.length === 0 ? (
          <div className="px-4 pt-2 text-ink-muted">
            <div aria-hidden="true" className="mb-3 h-px w-8 bg-line-strong" />
            {archiveTexts.empty}
          </div>
        ) : (
          <ThreadList
            {...{ threads, commands }}
            label={archiveTexts.label}
            currentId={undefined}
            onOpen={() => undefined}
            onLoadMore={loadMore}
          />
        )}
      </div>
    </div>
  );
}
