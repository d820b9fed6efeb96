import { useVirtualizer } from "@tanstack/react-virtual";
import type { ChangedFile } from "@threadbox/contracts/changes";
import { type KeyboardEvent, type ReactNode, type Ref, useEffect, useImperativeHandle, useRef, useState } from "react";
import { isAcceptable } from "./accept.ts";
import type { ChangesState } from "./changes-store.ts";
import type { CommentList, Comments } from "./comments.ts";
import { FileHead, FileNote, HunkHead } from "./diff-head.tsx";
import { SplitLine, UnifiedLine } from "./diff-line.tsx";
import type { DiffRow } from "./diff-rows.ts";
import type { Hunk } from "./hunks.ts";
import { isRevertible } from "./revert.ts";
import { changesTexts } from "./texts.ts";

/** Heights in pixels before a row has been measured. */
const estimates = { file: 40, note: 44, hunk: 28, line: 20, pair: 20 } as const;
const overscan = 20;

export interface DiffListHandle {
  /** Brings a file's head to the top. */
  readonly showFile: (path: string) => void;
}

export interface DiffActions {
  readonly isViewed: (file: ChangedFile) => boolean;
  readonly onToggle: (file: ChangedFile) => void;
  readonly onViewed: (file: ChangedFile, isOn: boolean) => void;
  readonly onFetch: (file: ChangedFile) => void;
  /** Accepts this hunk; null: all of the file's. Absent where these changes are not to be reviewed. */
  readonly onAccept: ((file: ChangedFile, hunk: Hunk | null) => void) | undefined;
  /** Takes this hunk back; null: all of the file's. */
  readonly onRevert: (file: ChangedFile, hunk: Hunk | null) => void;
}

export interface DiffListProps {
  readonly ref: Ref<DiffListHandle>;
  readonly rows: readonly DiffRow[];
  readonly hunksOf: (path: string) => readonly Hunk[] | null;
  readonly fetched: ChangesState["fetched"];
  readonly comments: Comments;
  readonly said: CommentList;
  readonly actions: DiffActions;
}

const isLine = (row: DiffRow | undefined): boolean => row?.kind === "line" || row?.kind === "pair";

/** All changes, of which only those on the screen are drawn. Lines are one stop of the Tab key, moved through by arrows. */
export function DiffList({ ref, rows, hunksOf, fetched, comments, said, actions }: DiffListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const [current, setCurrent] = useState<string | null>(null);
  const wantsFocus = useRef(false);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => rows[index]?.key ?? index,
    estimateSize: (index) => estimates[rows[index]?.kind ?? "line"],
    overscan,
  });
  useImperativeHandle(ref, () => ({
    showFile: (path) => {
      const index = rows.findIndex((row) => row.kind === "file" && row.key === path);
      if (index >= 0) virtualizer.scrollToIndex(index, { align: "start" });
    },
  }));

  const drawn = virtualizer.getVirtualItems();
  const isCurrentDrawn = drawn.some(({ index }) => rows[index]?.key === current);
  const stop = isCurrentDrawn
    ? current
    : (drawn.map(({ index }) => rows[index]).find((row) => isLine(row))?.key ?? null);
  useEffect(() => {
    if (!wantsFocus.current || !isCurrentDrawn) return;
    wantsFocus.current = false;
    const index = rows.findIndex(({ key }) => key === current);
    scroller.current
      ?.querySelector<HTMLElement>(`[data-index="${index}"] .changes-number`)
      ?.focus({ preventScroll: true });
  }, [current, isCurrentDrawn, rows]);
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const { target } = event;
    if (step === 0 || !(target instanceof HTMLElement) || !target.classList.contains("changes-number")) return;
    const row = Number(target.closest<HTMLElement>("[data-index]")?.dataset.index);
    let next = row + step;
    while (next >= 0 && next < rows.length && !isLine(rows[next])) next += step;
    const key = rows[next]?.key;
    event.preventDefault();
    if (key === undefined) return;
    wantsFocus.current = true;
    setCurrent(key);
    virtualizer.scrollToIndex(next);
  };

  const draw = (row: DiffRow): ReactNode => {
    const context = { comments, said, isStop: row.key === stop };
    switch (row.kind) {
      case "file": {
        const { file, isOpen } = row;
        const { onAccept } = actions;
        const canAccept = onAccept !== undefined && isAcceptable({ file, hunks: hunksOf(file.path) });
        return (
          <FileHead
            file={file}
            isOpen={isOpen}
            isViewed={actions.isViewed(file)}
            onToggle={() => actions.onToggle(file)}
            onViewed={(isOn) => actions.onViewed(file, isOn)}
            onAccept={canAccept ? () => onAccept(file, null) : undefined}
            onRevert={isRevertible(file, hunksOf(file.path)) ? () => actions.onRevert(file, null) : undefined}
          />
        );
      }
      case "note":
        return (
          <FileNote file={row.file} state={fetched.get(row.file.path)} onFetch={() => actions.onFetch(row.file)} />
        );
      case "hunk": {
        const { file, hunk } = row;
        const canRevert = isRevertible(file, [hunk]);
        const { onAccept } = actions;
        return (
          <HunkHead
            hunk={hunk}
            onAccept={onAccept !== undefined && file.kind === "file" ? () => onAccept(file, hunk) : undefined}
            onRevert={canRevert ? () => actions.onRevert(file, hunk) : undefined}
          />
        );
      }
      case "line":
        return <UnifiedLine path={row.path} cell={row.cell} context={context} />;
      case "pair":
        return <SplitLine path={row.path} before={row.before} after={row.after} context={context} />;
    }
  };

  return (
    <section
      ref={scroller}
      aria-label={changesTexts.region}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      className="changes-list"
      onKeyDown={onKeyDown}
    >
      <div className="changes-rows" dir="ltr" style={{ height: virtualizer.getTotalSize() }}>
        {drawn.map(({ index, start }) => {
          const row = rows[index];
          if (row === undefined) return null;
          return (
            <div
              key={row.key}
              ref={virtualizer.measureElement}
              data-index={index}
              className="changes-row"
              style={{ transform: `translateY(${start}px)` }}
            >
              {draw(row)}
            </div>
          );
        })}
      </div>
    </section>
  );
}
