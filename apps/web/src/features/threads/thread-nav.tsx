import { Button, IconButton } from "@threadbox/ui/button";
import { TextField } from "@threadbox/ui/text-field";
import { Search, X } from "lucide-react";
import { useState } from "react";
import { isComposing } from "../../lib/is-composing.ts";
import { threadTexts } from "./texts.ts";
import { ThreadList, ThreadListSkeleton } from "./thread-list.tsx";
import type { ThreadCommands } from "./use-thread-commands.ts";
import { type ThreadListState, useThreadSearch } from "./use-thread-list.ts";

export interface ThreadNavProps {
  readonly list: ThreadListState;
  readonly currentId: string | undefined;
  readonly commands: ThreadCommands;
  /** A thread was chosen; a sheet around the list closes now. */
  readonly onOpen: () => void;
}

function Empty() {
  return (
    <div className="px-4 pt-6 text-ink-muted text-sm">
      <div aria-hidden="true" className="mb-3 h-px w-8 bg-line-strong" />
      {threadTexts.empty}
    </div>
  );
}

/** The search field and the threads below it. */
export function ThreadNav({ list, currentId, commands, onOpen }: ThreadNavProps) {
  const [text, setText] = useState("");
  const search = useThreadSearch(text);
  const isSearching = text.trim() !== "";
  const threads = isSearching ? search.threads : list.threads;
  const clear = () => setText("");

  return (
    <nav aria-label={threadTexts.threads} className="flex min-h-0 flex-1 flex-col">
      <div className="px-2 pt-2 pb-3">
        <TextField
          label={threadTexts.searchLabel}
          type="search"
          placeholder={threadTexts.search}
          icon={<Search />}
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== "Escape" || text === "" || isComposing(event.nativeEvent)) return;
            event.preventDefault();
            clear();
          }}
          end={
            isSearching ? (
              <IconButton label={threadTexts.clearSearch} icon={<X />} size="xs" className="-me-1" onClick={clear} />
            ) : null
          }
        />
      </div>
      <div className="relative min-h-0 flex-1 overflow-y-auto overscroll-contain">
        {threads === undefined || threads === null ? (
          <ThreadListSkeleton />
        ) : threads.length > 0 ? (
          <ThreadList
            {...{ threads, currentId, commands, onOpen }}
            onLoadMore={isSearching ? undefined : list.loadMore}
          />
        ) : isSearching ? (
          <div className="px-4 pt-4 text-sm">
            <p className="text-ink-muted">{threadTexts.noMatch(text.trim())}</p>
            <Button size="sm" className="mt-3" onClick={clear}>
              {threadTexts.clearSearch}
            </Button>
          </div>
        ) : (
          <Empty />
        )}
        {isSearching && search.isPartial ? (
          <p className="px-4 pb-4 text-ink-muted text-xs">{threadTexts.moreMatches}</p>
        ) : null}
      </div>
    </nav>
  );
}
