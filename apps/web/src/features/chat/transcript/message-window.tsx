import { type Range, useVirtualizer } from "@tanstack/react-virtual";
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { useLiveCommands } from "../thread/live-thread-context.tsx";
import { useTranscriptView } from "../thread/transcript-view.ts";
import { estimatedHeight } from "./estimated-height.ts";
import { gapAbove } from "./message-gap.ts";
import { drawnIndexes, keptIds } from "./message-range.ts";
import { type ReadingPlace, readPlace, returnTo } from "./reading-place.ts";
import { endSearch, useSoughtMessage } from "./sought-message.ts";
import { useLinkedMessage } from "./use-linked-message.ts";
import { useOutline } from "./use-outline.ts";
import { useWholeThread } from "./use-whole-thread.ts";

/** Messages drawn beyond each edge of what is looked at. */
const overscan = 3;
/** Of a conversation whose end is looked at, and of one that is read further up while the live thread takes over. */
const newestDrawn = { following: 12, reading: 40 } as const;

/** Is told, before it's painted, which messages are drawn, in reading order. */
export const OnDrawnContext = createContext<(ids: readonly string[]) => void>(() => undefined);

export interface MessageWindowProps {
  /** Nothing else of the conversation is on the page. */
  readonly isAlone: boolean;
  /** Called when the messages are on the page, before it is painted. */
  readonly onShown: () => void;
  /** Draws a message. */
  readonly children: (message: { readonly id: string; readonly index: number; readonly count: number }) => ReactNode;
}

/** The part of the conversation that is looked at; of the rest there is the room it takes. */
export function MessageWindow({ isAlone, onShown, children }: MessageWindowProps) {
  const { scroller, isFollowing, stopFollowing } = useTranscriptView();
  const onDrawn = useContext(OnDrawnContext);
  const outline = useOutline();
  const thread = useLiveCommands();
  const log = useRef<HTMLDivElement>(null);
  const isWhole = useWholeThread();
  useLinkedMessage();
  const sought = useSoughtMessage();
  const [found, setFound] = useState<string | null>(null);
  const [newest] = useState(() => (isFollowing() ? newestDrawn.following : newestDrawn.reading));

  // Read before the window takes the scroll position over.
  const place = useRef<ReadingPlace | null>(null);
  useLayoutEffect(() => {
    if (scroller.current !== null) place.current = readPlace(scroller.current);
    onShown();
  }, [scroller, onShown]);

  const rangeExtractor = useCallback(
    (range: Range) => {
      if (isWhole) return [...outline.keys()];
      const used = new Set([...(log.current === null ? [] : keptIds(log.current)), ...(found === null ? [] : [found])]);
      const indexes = used.size === 0 ? [] : outline.flatMap(({ id }, index) => (used.has(id) ? index : []));
      return drawnIndexes(range, { newest, indexes });
    },
    [isWhole, outline, found, newest],
  );
  const virtualizer = useVirtualizer({
    count: outline.length,
    getScrollElement: () => scroller.current,
    getItemKey: useCallback((index: number) => outline[index]?.id ?? index, [outline]),
    estimateSize: (index) => {
      const message = thread().messages[index];
      return message === undefined ? 0 : estimatedHeight(message);
    },
    rangeExtractor,
    overscan,
    anchorTo: "end",
    initialRect: { width: 0, height: scroller.current?.clientHeight ?? 0 },
    initialOffset: () => thread().messages.reduce((sum, message) => sum + estimatedHeight(message), 0),
  });

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!isAlone || element === null) return;
    if (place.current !== null && returnTo(element, place.current)) return;
    element.scrollTop = element.scrollHeight;
  }, [isAlone, scroller]);

  useEffect(() => {
    const index = sought === null ? -1 : outline.findIndex(({ id }) => id === sought);
    if (index < 0) return;
    endSearch();
    setFound(sought);
    stopFollowing();
    virtualizer.scrollToIndex(index, { align: "start" });
  }, [sought, outline, stopFollowing, virtualizer]);
  useEffect(() => {
    const message =
      found === null ? null : log.current?.querySelector<HTMLElement>(`[data-message="${CSS.escape(found)}"]`);
    if (message === null || message === undefined) return;
    message.tabIndex = -1;
    message.focus({ preventScroll: true });
  }, [found]);

  const drawn = virtualizer.getVirtualItems();
  const drawnKey = drawn.map(({ index }) => outline[index]?.id ?? "").join(" ");
  useLayoutEffect(() => onDrawn(drawnKey.split(" ")), [onDrawn, drawnKey]);
  return (
    <div
      ref={log}
      className="flow-root"
      style={{ paddingBottom: virtualizer.getTotalSize() - (drawn.at(-1)?.end ?? 0) }}
    >
      {drawn.map(({ index, start }, at) => {
        const { id, role } = outline[index] ?? { id: "", role: "user" };
        return (
          <div
            key={id}
            ref={virtualizer.measureElement}
            data-index={index}
            style={{ marginTop: start - (drawn[at - 1]?.end ?? 0) }}
            className={gapAbove(role, outline[index - 1]?.role)}
          >
            {children({ id, index, count: outline.length })}
          </div>
        );
      })}
    </div>
  );
}
