import { useNavigate, useParams } from "@tanstack/react-router";
import { classNames } from "@threadbox/ui/class-names";
import { Dialog } from "@threadbox/ui/dialog";
import { Kbd } from "@threadbox/ui/kbd";
import { type KeyboardEvent, type RefObject, Suspense, useId, useRef, useState } from "react";
import { isComposing } from "../../lib/is-composing.ts";
import { ConnectDialog } from "../logins/index.ts";
import type { Thread } from "../threads/index.ts";
import { type Entry, paletteGroups } from "./entries.ts";
import type { PaletteWindowProps } from "./shortcut-sheet.tsx";
import { paletteTexts } from "./texts.ts";
import { useSearch } from "./use-search.ts";

export interface PaletteProps extends PaletteWindowProps {
  readonly threads: readonly Thread[];
}

interface SearchProps {
  readonly threads: readonly Thread[];
  readonly field: RefObject<HTMLInputElement | null>;
  readonly onDone: () => void;
  readonly connectChatGpt: () => void;
}

/** What an entry focuses or opens comes after the window has closed and given the focus back. */
const afterClosing = (run: () => void) => void setTimeout(run);

/** A name with the place in it that was searched for. */
function Marked({ label, match: [start, end] = [0, 0] }: Pick<Entry, "label" | "match">) {
  if (start === end) return label;
  return (
    <>
      {label.slice(0, start)}
      <mark className="rounded-sm bg-accent-soft font-medium text-ink">{label.slice(start, end)}</mark>
      {label.slice(end)}
    </>
  );
}

function Search({ threads, field, onDone, connectChatGpt }: SearchProps) {
  const navigate = useNavigate();
  const [typed, setTyped] = useState("");
  // By name, not by place: what the server finds comes later and moves what stands below.
  const [chosenId, setChosenId] = useState<string | null>(null);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  const { kind, found } = useSearch(typed);
  const open = (threadId: string, messageId?: string) =>
    void navigate({
      to: "/t/$threadId",
      params: { threadId },
      ...(messageId === undefined ? {} : { hash: messageId }),
    });
  const groups = paletteGroups({
    typed,
    recent: threads,
    found: found.threads,
    messages: found.messages,
    open,
    connectChatGpt,
  });
  const entries = groups.flatMap((group) => group.entries);
  const current = Math.max(
    0,
    entries.findIndex(({ id: entryId }) => entryId === chosenId),
  );
  const note =
    kind === "searching" || kind === "failed" || kind === "offline"
      ? paletteTexts[kind]
      : entries.length === 0
        ? paletteTexts.nothing(typed.trim())
        : found.isPartial
          ? paletteTexts.more
          : "";

  const choose = (index: number) => {
    setChosenId(entries[index]?.id ?? null);
    list.current?.querySelector(`[data-index="${index}"]`)?.scrollIntoView({ block: "nearest" });
  };
  const run = (entry: Entry | undefined) => {
    if (entry === undefined) return;
    onDone();
    afterClosing(entry.run);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (isComposing(event.nativeEvent)) return;
    const last = entries.length - 1;
    const next = {
      ArrowDown: current >= last ? 0 : current + 1,
      ArrowUp: current <= 0 ? last : current - 1,
      PageDown: Math.min(last, current + 8),
      PageUp: Math.max(0, current - 8),
    }[event.key];
    if (next !== undefined) choose(next);
    else if (event.key === "Enter") run(entries[current]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <>
      <input
        ref={field}
        role="combobox"
        aria-expanded={entries.length > 0}
        aria-controls={id}
        aria-activedescendant={entries.length === 0 ? undefined : `${id}-${current}`}
        aria-autocomplete="list"
        aria-label={paletteTexts.field}
        placeholder={paletteTexts.placeholder}
        value={typed}
        onChange={({ currentTarget }) => {
          setTyped(currentTarget.value);
          setChosenId(null);
        }}
        onKeyDown={onKeyDown}
        className="h-10 w-full rounded-md border bg-canvas px-3 text-base outline-none focus-within:border-accent"
      />
      <div
        ref={list}
        id={id}
        role="listbox"
        aria-label={paletteTexts.title}
        className="relative max-h-96 overflow-y-auto"
      >
        {groups.map(({ label, entries: ofGroup }) => (
          // biome-ignore lint/a11y/useSemanticElements: a group of options is no fieldset
          <div key={label} role="group" aria-label={label} className="pb-2">
            <div aria-hidden="true" className="px-2 py-1 text-ink-muted text-xs">
              {label}
            </div>
            {ofGroup.map((entry) => {
              const index = entries.indexOf(entry);
              return (
                // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the focus and takes the keys
                <div
                  key={entry.id}
                  id={`${id}-${index}`}
                  role="option"
                  tabIndex={-1}
                  data-index={index}
                  aria-selected={index === current}
                  data-highlighted={index === current ? "" : undefined}
                  onClick={() => run(entry)}
                  onPointerMove={() => setChosenId(entry.id)}
                  className={classNames(
                    "flex min-h-8 cursor-pointer items-center gap-3 rounded-md px-2 py-1.5 text-sm leading-5 pointer-coarse:min-h-11",
                    index === current && "bg-hover",
                  )}
                >
                  <span className="min-w-0 flex-1">
                    <bdi className={entry.detail === undefined ? "block truncate" : "line-clamp-2 break-words"}>
                      <Marked {...entry} />
                    </bdi>
                    {entry.detail === undefined ? null : (
                      <bdi className="block truncate text-ink-muted text-xs">{entry.detail}</bdi>
                    )}
                  </span>
                  {entry.note === undefined ? null : <span className="text-ink-muted text-xs">{entry.note}</span>}
                  {entry.keys === undefined || entry.keys === "" ? null : <Kbd keys={entry.keys} />}
                </div>
              );
            })}
          </div>
        ))}
      </div>
      <p role="status" className={note === "" ? "sr-only" : "px-2 text-compact text-ink-muted"}>
        {note}
      </p>
    </>
  );
}

/** Every command and every thread by its name, and messages by what they say. */
export default function Palette({ isOpen, onOpenChange, threads }: PaletteProps) {
  const field = useRef<HTMLInputElement>(null);
  const { threadId = null } = useParams({ strict: false });
  const [connecting, setConnecting] = useState<"never" | "open" | "closed">("never");
  return (
    <>
      <Dialog isOpen={isOpen} onOpenChange={onOpenChange} title={paletteTexts.title} initialFocus={field}>
        <Search
          threads={threads}
          field={field}
          onDone={() => onOpenChange(false)}
          connectChatGpt={() => setConnecting("open")}
        />
      </Dialog>
      {connecting === "never" ? null : (
        <Suspense>
          <ConnectDialog
            isOpen={connecting === "open"}
            onOpenChange={(isWanted) => setConnecting(isWanted ? "open" : "closed")}
            threadId={threadId}
          />
        </Suspense>
      )}
    </>
  );
}
