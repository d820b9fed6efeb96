import { userTextBytesMax } from "@threadbox/contracts/limits";
import { IconButton } from "@threadbox/ui/button";
import { ArrowUp, Square } from "lucide-react";
import { type KeyboardEvent, type ReactNode, Suspense, useEffect, useEffectEvent, useRef, useState } from "react";
import { isComposing } from "../../../lib/is-composing.ts";
import { lazyOrNothing } from "../../../lib/lazy-or-nothing.ts";
import { type Attached, getDrafts, withReturned } from "../../outbox/index.ts";
import { shortcutAria, shortcutKeys } from "../../shortcuts/index.ts";
import { composerTexts } from "../texts/conversation.ts";

const ComposerFiles = lazyOrNothing(() => import("./files-part.ts"));

/** What the thread at hand adds to the box, as far as it is known. */
export interface ComposerControls {
  /** Present while a turn runs. */
  readonly onStop?: (() => void) | undefined;
  /** Called with every change. */
  readonly onWrite?: (() => void) | undefined;
  /** The up arrow was pressed in the empty box. */
  readonly onEditLast?: (() => void) | undefined;
  readonly isDisabled?: boolean;
}

export interface ComposerProps extends ComposerControls {
  /** Where the draft is kept: the thread's id, or the place of drafts without a thread. */
  readonly place: string;
  readonly onSend: (text: string, attached: readonly Attached[]) => void;
  readonly placeholder?: string;
  /** The code for files may be asked for. */
  readonly takesFiles: boolean;
  /** Says what answers. */
  readonly answerer: ReactNode;
}

/** On a screen keyboard Enter makes a new line, as there is no Shift to hold. */
const sendsOnEnter = (): boolean => !window.matchMedia("(pointer: coarse)").matches;

/** With a modifier the arrow is a shortcut of the page. */
const isPlainUp = ({ key, altKey, ctrlKey, metaKey, shiftKey }: KeyboardEvent): boolean =>
  key === "ArrowUp" && !(altKey || ctrlKey || metaKey || shiftKey);

const byteLength = (text: string): number => new TextEncoder().encode(text).byteLength;

export function Composer(props: ComposerProps) {
  const { place, onSend, onStop, onWrite, onEditLast, isDisabled = false, takesFiles, answerer } = props;
  const { placeholder = composerTexts.placeholder } = props;
  const [text, setText] = useState("");
  const [attached, setAttached] = useState<readonly Attached[]>([]);
  const field = useRef<HTMLTextAreaElement>(null);

  useEffect(() => {
    let isGone = false;
    void getDrafts()
      .read(place)
      .then((draft) => {
        // Whoever typed before the draft was read wins.
        if (!isGone && draft !== "") setText((typed) => (typed === "" ? draft : typed));
      });
    // Whoever is typing elsewhere, say a title, is left alone.
    if (sendsOnEnter() && document.activeElement === document.body) field.current?.focus();
    return () => {
      isGone = true;
    };
  }, [place]);

  const change = (value: string) => {
    setText(value);
    void getDrafts().write(place, value);
  };
  const takeBack = useEffectEvent((returned: string) => {
    change(withReturned(returned, text));
    if (sendsOnEnter()) field.current?.focus();
  });
  useEffect(() => getDrafts().show(place, (returned) => takeBack(returned)), [place]);
  const isTooLong = text.length > userTextBytesMax / 4 && byteLength(text) > userTextBytesMax;
  const canSend = (text.trim() !== "" || attached.length > 0) && !isTooLong && !isDisabled;
  const send = () => {
    if (!canSend) return;
    onSend(text, attached);
    change("");
    setAttached([]);
  };

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (isComposing(event.nativeEvent)) return;
    const isEnter = event.key === "Enter" && !event.shiftKey && !event.altKey;
    if (isEnter && (event.metaKey || event.ctrlKey || sendsOnEnter())) send();
    else if (isPlainUp(event) && text === "" && onEditLast !== undefined) onEditLast();
    else return;
    event.preventDefault();
  };

  return (
    <div className="rounded-xl border bg-raised shadow-raised transition-colors duration-100 focus-within:border-accent hover:border-line-strong focus-within:hover:border-accent">
      <textarea
        ref={field}
        id="message"
        aria-label={composerTexts.label}
        aria-describedby={isTooLong ? "message-problem" : undefined}
        aria-keyshortcuts={shortcutAria("send")}
        dir="auto"
        rows={1}
        placeholder={placeholder}
        value={text}
        onChange={({ currentTarget }) => {
          onWrite?.();
          change(currentTarget.value);
        }}
        onKeyDown={onKeyDown}
        className="field-sizing-content block max-h-[40dvh] min-h-13 w-full resize-none bg-transparent px-4 pt-3.5 pb-2 text-base leading-6 outline-none"
      />
      <div className="flex flex-wrap items-center gap-2 px-3 pb-3">
        {takesFiles ? (
          <Suspense>
            <ComposerFiles
              {...{ place, field, attached, text, isTooLong, isDisabled }}
              onAttached={setAttached}
              onText={change}
            />
          </Suspense>
        ) : null}
        <div className="flex min-w-0 flex-1 items-center ps-1">{answerer}</div>
        {onStop === undefined ? null : (
          <IconButton
            label={composerTexts.stop}
            shortcut={shortcutKeys("stop")}
            icon={<Square className="fill-current" />}
            tone="plain"
            className="pointer-coarse:size-11"
            onClick={() => {
              onStop();
              // The button goes with the turn; the focus must not go with it.
              if (sendsOnEnter()) field.current?.focus();
            }}
          />
        )}
        <IconButton
          label={composerTexts.send}
          shortcut={shortcutKeys("send")}
          icon={<ArrowUp />}
          tone={canSend ? "accent" : "plain"}
          className="pointer-coarse:size-11"
          disabled={!canSend}
          onClick={send}
        />
      </div>
    </div>
  );
}
