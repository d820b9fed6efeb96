import { classNames } from "@threadbox/ui/class-names";
import { type KeyboardEvent, type RefObject, useId, useLayoutEffect, useRef, useState } from "react";
import { isComposing } from "../../lib/is-composing.ts";
import { type PickerGroup, type PickerOption, searched, searchedFrom, typedAhead } from "./picker-options.ts";
import { modelTexts as texts } from "./texts.ts";

/** Letters that come this close together are typed as one name, in milliseconds. */
const typingMs = 700;
const pageStep = 8;

/** Drawn here: an icon that the first load has too would become a file of its own there. */
const Check = () => (
  <svg aria-hidden="true" viewBox="0 0 24 24" className="model-check">
    <path d="M20 6 9 17l-5-5" />
  </svg>
);

const Star = ({ isFilled }: { readonly isFilled: boolean }) => (
  <svg aria-hidden="true" viewBox="0 0 24 24" className="model-star" data-filled={isFilled}>
    <path d="m12 3 2.7 5.8 6.3.8-4.7 4.3 1.3 6.3-5.6-3.2-5.6 3.2 1.3-6.3L3 9.6l6.3-.8Z" />
  </svg>
);

export interface ModelOptionsProps {
  readonly title: string;
  readonly groups: readonly PickerGroup[];
  /** Takes the focus when the picker opens. */
  readonly start: RefObject<HTMLElement | null>;
  readonly onTake: (option: PickerOption) => void;
  readonly onMark: (option: PickerOption) => void;
}

/** The options with their keys. The focus stays in the field, or on the list where there is none. */
export function ModelOptions({ title, groups: all, start, onTake, onMark }: ModelOptionsProps) {
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const [typed, setTyped] = useState("");
  const [activeId, setActiveId] = useState<string | null>(null);
  const ahead = useRef({ text: "", at: 0 });
  const hasField = all.flatMap(({ options }) => options).length >= searchedFrom;
  const groups = searched(all, typed);
  const options = groups.flatMap((group) => group.options);
  const chosen = options.findIndex((option) => (activeId === null ? option.isCurrent : option.id === activeId));
  const active = Math.max(0, chosen);
  const marked = options[active];
  const show = (index: number, block: ScrollLogicalPosition) =>
    box.current?.querySelector(`[data-index="${index}"]`)?.scrollIntoView({ block });
  const isFirst = useRef(true);
  useLayoutEffect(() => {
    if (!isFirst.current) return;
    isFirst.current = false;
    show(active, "center");
    // At once: the popover would do so a moment later, and what is typed meanwhile would go elsewhere.
    start.current?.focus({ preventScroll: true });
  });

  const move = (index: number) => {
    setActiveId(options[index]?.id ?? null);
    show(index, "nearest");
  };
  const take = (option: PickerOption | undefined) => {
    if (option !== undefined && !option.isOut) onTake(option);
  };
  const typeAhead = (letter: string, at: number): void => {
    const isOn = at - ahead.current.at < typingMs && ahead.current.text !== "";
    const text = isOn ? ahead.current.text + letter : letter;
    ahead.current = { text, at };
    // More of the same name may still be the option it has led to.
    const found = typedAhead(
      options.map(({ label }) => label),
      text,
      isOn ? active - 1 : active,
    );
    if (found !== null) move(found);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (isComposing(event.nativeEvent)) return;
    const last = options.length - 1;
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: active >= last ? 0 : active + 1,
      ArrowUp: active <= 0 ? last : active - 1,
      PageDown: Math.min(last, active + pageStep),
      PageUp: Math.max(0, active - pageStep),
      ...(hasField ? {} : { Home: 0, End: last }),
    };
    const next = steps[event.key];
    const isLetter = event.key.length === 1 && !(event.ctrlKey || event.metaKey || event.altKey);
    if (next !== undefined) move(next);
    else if (event.key === "Enter" || (!hasField && event.key === " ")) take(options[active]);
    else if (!hasField && isLetter) typeAhead(event.key, event.timeStamp);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const keys = {
    "aria-activedescendant": options.length === 0 ? undefined : `${id}-${active}`,
    onKeyDown,
  };

  return (
    <>
      {hasField ? (
        <div className="border-b p-2">
          <input
            ref={start as RefObject<HTMLInputElement | null>}
            role="combobox"
            aria-expanded={options.length > 0}
            aria-controls={id}
            aria-autocomplete="list"
            aria-label={texts.search}
            placeholder={texts.search}
            value={typed}
            onChange={({ currentTarget }) => {
              setTyped(currentTarget.value);
              setActiveId(null);
            }}
            {...keys}
            className="model-search"
          />
        </div>
      ) : null}
      <div
        ref={(element) => {
          box.current = element;
          if (!hasField) start.current = element;
        }}
        id={id}
        role="listbox"
        aria-label={title}
        tabIndex={hasField ? -1 : 0}
        {...(hasField ? {} : keys)}
        className="relative min-h-0 flex-1 overflow-y-auto p-1 outline-none"
      >
        {groups.map((group) => (
          // biome-ignore lint/a11y/useSemanticElements: a group of options is no fieldset
          <div key={group.label} role="group" aria-label={group.label} className="pb-1">
            <bdi aria-hidden="true" className="block truncate px-2 py-1 text-ink-muted text-xs">
              {group.label}
            </bdi>
            {group.options.map((option) => {
              const index = options.indexOf(option);
              return (
                // biome-ignore lint/a11y/useKeyWithClickEvents: the field or the list has the focus and takes the keys
                <div
                  key={option.id}
                  id={`${id}-${index}`}
                  role="option"
                  tabIndex={-1}
                  data-index={index}
                  aria-selected={option.isCurrent}
                  aria-disabled={option.isOut}
                  onClick={() => take(option)}
                  onPointerMove={() => setActiveId(option.id)}
                  className={classNames(
                    "flex min-h-8 cursor-pointer items-center gap-2 rounded-md px-2 text-sm pointer-coarse:min-h-11",
                    index === active && "bg-hover",
                    option.isOut && "model-out",
                  )}
                >
                  <bdi className="min-w-0 break-words py-1">{option.label}</bdi>
                  <span className="min-w-0 flex-1 truncate text-ink-muted text-xs">{option.hint}</span>
                  {option.isCurrent ? <Check /> : null}
                  {option.isFavourite === null ? null : (
                    // For pointers alone: the button below the list does the same for the option that the keys are on.
                    <span
                      aria-hidden="true"
                      className="model-mark"
                      onClick={(event) => {
                        event.stopPropagation();
                        onMark(option);
                      }}
                    >
                      <Star isFilled={option.isFavourite} />
                    </span>
                  )}
                </div>
              );
            })}
          </div>
        ))}
      </div>
      <p role="status" className={options.length > 0 ? "sr-only" : "px-3 pb-3 text-compact text-ink-muted"}>
        {options.length > 0 ? "" : texts.nothing(typed.trim())}
      </p>
      {marked === undefined || marked.isFavourite === null ? null : (
        <button type="button" className="model-mark-button" onClick={() => onMark(marked)}>
          <Star isFilled={marked.isFavourite} />
          <bdi className="min-w-0 truncate">
            {marked.isFavourite ? texts.unmark(marked.label) : texts.mark(marked.label)}
          </bdi>
        </button>
      )}
    </>
  );
}
