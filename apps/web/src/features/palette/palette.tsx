import { useNavigate } from "@tanstack/react-router";
import { classNames } from "@threadbox/ui/class-names";
import { Dialog } from "@threadbox/ui/dialog";
import { Kbd } from "@threadbox/ui/kbd";
import { type KeyboardEvent, type RefObject, useId, useRef, useState } from "react";
import { type Thread, useThreadSearch } from "../threads/index.ts";
import { type Entry, paletteGroups } from "./entries.ts";
import type { PaletteWindowProps } from "./shortcut-sheet.tsx";
import { paletteTexts } from "./texts.ts";

export interface PaletteProps extends PaletteWindowProps {
  readonly threads: readonly Thread[];
}

interface SearchProps {
  readonly threads: readonly Thread[];
  readonly field: RefObject<HTMLInputElement | null>;
  readonly onDone: () => void;
}

/** What an entry focuses or opens comes after the window has closed and given the focus back. */
const afterClosing = (run: () => void) => void setTimeout(run);

function Search({ threads, field, onDone }: SearchProps) {
  const navigate = useNavigate();
  const [typed, setTyped] = useState("");
  const [chosen, setChosen] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  const { threads: found } = useThreadSearch(typed);
  const open = (threadId: string) => void navigate({ to: "/t/$threadId", params: { threadId } });
  const groups = paletteGroups({ typed, recent: threads, found: found ?? [], open });
  const entries = groups.flatMap((group) => group.entries);
  const current = Math.min(chosen, entries.length - 1);

  const choose = (index: number) => {
    setChosen(index);
    list.current?.querySelector(`[data-index="${index}"]`)?.scrollIntoView({ block: "nearest" });
  };
  const run = (entry: Entry | undefined) => {
    if (entry === undefined) return;
    onDone();
    afterClosing(entry.run);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
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
          setChosen(0);
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
                  onPointerMove={() => setChosen(index)}
                  className={classNames(
                    "flex h-9 cursor-pointer items-center gap-3 rounded-md px-2 text-sm pointer-coarse:h-11",
                    index === current && "bg-hover",
                  )}
                >
                  <bdi className="min-w-0 flex-1 truncate">{entry.label}</bdi>
                  {entry.note === undefined ? null : <span className="text-ink-muted text-xs">{entry.note}</span>}
                  {entry.keys === undefined || entry.keys === "" ? null : <Kbd keys={entry.keys} />}
                </div>
              );
            })}
          </div>
        ))}
      </div>
      <p role="status" className={entries.length === 0 ? "text-ink-muted text-sm" : "sr-only"}>
        {entries.length === 0 ? paletteTexts.nothing(typed.trim()) : ""}
      </p>
    </>
  );
}

/** Every command, and every thread, by its name. */
export default function Palette({ isOpen, onOpenChange, threads }: PaletteProps) {
  const field = useRef<HTMLInputElement>(null);
  return (
    <Dialog isOpen={isOpen} onOpenChange={onOpenChange} title={paletteTexts.title} initialFocus={field}>
      <Search threads={threads} field={field} onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}
