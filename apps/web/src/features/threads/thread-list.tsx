import { Skeleton } from "@threadbox/ui/skeleton";
import { type KeyboardEvent, useEffect, useRef } from "react";
import { useNow } from "../../lib/use-now.ts";
import { groupThreads } from "./grouping.ts";
import type { Thread } from "./thread.ts";
import { ThreadRow } from "./thread-row.tsx";
import type { ThreadCommands } from "./use-thread-commands.ts";

const skeletonWidths = ["w-40", "w-52", "w-32", "w-44", "w-36", "w-48"];

export function ThreadListSkeleton() {
  return (
    <div className="px-2 pt-1" aria-hidden="true">
      <div className="flex h-7 items-center">
        <Skeleton className="h-3 w-14" />
      </div>
      {skeletonWidths.map((width) => (
        <div key={width} className="flex h-8 items-center pointer-coarse:h-11">
          <Skeleton className={`h-3.5 ${width}`} />
        </div>
      ))}
    </div>
  );
}

/**
 * Up and down arrows move between rows, Home and End to the ends; the right arrow goes to the row's menu, the left one
 * back. Tab passes over the menus: with many threads they would stand between the list and the page.
 */
const moveBetweenRows = (event: KeyboardEvent<HTMLElement>) => {
  if (event.altKey || event.metaKey || event.ctrlKey) return;
  const item = event.target instanceof Element ? event.target.closest("li") : null;
  const across = { ArrowRight: "[data-row-menu]", ArrowLeft: "[data-thread-row]" }[event.key];
  if (across !== undefined) return item?.querySelector<HTMLElement>(across)?.focus();
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-thread-row]")];
  const index = rows.findIndex((row) => row.matches(":focus"));
  if (index === -1) return;
  const target = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: rows.length - 1 }[event.key];
  const row = target === undefined ? undefined : rows[target];
  if (row === undefined) return;
  event.preventDefault();
  row.focus();
};

export interface ThreadListProps {
  readonly threads: readonly Thread[];
  readonly currentId: string | undefined;
  readonly commands: ThreadCommands;
  readonly onOpen: () => void;
  /** What the list holds, where a list of other threads is on the same page. */
  readonly label?: string;
  /** Asks for older threads; absent where there are none. */
  readonly onLoadMore?: (() => void) | undefined;
}

export function ThreadList({ threads, currentId, commands, onOpen, label: listLabel, onLoadMore }: ThreadListProps) {
  const now = useNow(60_000);
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = end.current;
    if (element === null || onLoadMore === undefined) return;
    const observer = new IntersectionObserver(([entry]) => {
      if (entry?.isIntersecting === true) onLoadMore();
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [onLoadMore]);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the rows inside are links; this only moves the focus between them
    <div onKeyDown={moveBetweenRows} className="space-y-4 px-2 pb-4">
      {groupThreads(threads, now).map(({ label, threads: group }) => (
        <section key={label} aria-label={listLabel === undefined ? label : `${listLabel}: ${label}`}>
          <h2 className="flex h-7 items-center px-2 text-ink-muted text-xs">{label}</h2>
          <ul className="space-y-px">
            {group.map((thread) => (
              <li key={thread.threadId}>
                <ThreadRow
                  {...{ thread, commands, onOpen }}
                  isCurrent={thread.threadId === currentId}
                  isInArchive={listLabel !== undefined}
                />
              </li>
            ))}
          </ul>
        </section>
      ))}
      <div ref={end} className="h-px" />
    </div>
  );
}
