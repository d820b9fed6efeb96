import { useVirtualizer } from "@tanstack/react-virtual";
import { ContextMenuArea, type MenuAction } from "@threadbox/ui/menu";
import { type KeyboardEvent, type RefObject, useEffect, useId, useRef, useState } from "react";
import { visibleText } from "../text/index.ts";
import { FileIcon } from "./file-icon.tsx";
import { type Marks, markOf } from "./git-marks.ts";
import { MarkSign } from "./mark-sign.tsx";
import { filesTexts } from "./texts.ts";
import { type TreeMove, type TreeRow, treeMove, typedRow } from "./tree-rows.ts";
import { UnsavedDot } from "./unsaved-dot.tsx";

/** In pixels: what a pointer is content with, and what a finger needs. */
const rowHeight = { fine: 28, coarse: 44 } as const;
const overscan = 12;
/** After this long without a letter, the next one begins a new name. */
const typingMs = 700;

export interface FileTreeProps {
  /** What has the focus while somebody moves through the tree. */
  readonly ref: RefObject<HTMLDivElement | null>;
  readonly rows: readonly TreeRow[];
  /** The row with the tree's focus. */
  readonly current: string | null;
  readonly opened: string | null;
  readonly unsaved: ReadonlySet<string>;
  readonly marks: Marks;
  readonly actionsOf: (row: TreeRow) => readonly MenuAction[];
  readonly onMove: (move: TreeMove) => void;
  readonly onRename: (row: TreeRow) => void;
  readonly onRemove: (row: TreeRow) => void;
}

/** The files as a tree: one stop of the Tab key, moved through by arrow keys and letters. */
export function FileTree({
  ref: scroller,
  rows,
  current,
  opened,
  unsaved,
  marks,
  actionsOf,
  onMove,
  onRename,
  onRemove,
}: FileTreeProps) {
  const id = useId();
  const [height] = useState(() => rowHeight[matchMedia("(pointer: coarse)").matches ? "coarse" : "fine"]);
  const typed = useRef({ text: "", at: 0 });
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => rows[index]?.path ?? index,
    estimateSize: () => height,
    overscan,
  });
  const currentIndex = rows.findIndex(({ path }) => path === current);
  useEffect(() => {
    if (currentIndex >= 0) virtualizer.scrollToIndex(currentIndex);
  }, [currentIndex, virtualizer]);

  const drawn = virtualizer.getVirtualItems();
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const row = rows[currentIndex];
    const move = treeMove(rows, current, event.key);
    if (move !== null) onMove(move);
    else if (row !== undefined && event.key === "F2") onRename(row);
    else if (row !== undefined && event.key === "Delete") onRemove(row);
    else if (event.key.length === 1 && event.key !== " ") {
      const isNew = event.timeStamp - typed.current.at > typingMs;
      typed.current = { text: `${isNew ? "" : typed.current.text}${event.key}`, at: event.timeStamp };
      const found = typedRow(rows, current, typed.current.text);
      if (found !== undefined) onMove({ kind: "go", path: found.path });
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div
      ref={scroller}
      role="tree"
      tabIndex={0}
      aria-label={filesTexts.tree}
      aria-activedescendant={drawn.some(({ index }) => index === currentIndex) ? `${id}-${currentIndex}` : undefined}
      className="files-tree"
      onKeyDown={onKeyDown}
      onFocus={() => {
        const [first] = rows;
        if (currentIndex < 0 && first !== undefined) onMove({ kind: "go", path: first.path });
      }}
    >
      <div role="presentation" className="files-rows" style={{ height: virtualizer.getTotalSize() }}>
        {drawn.map(({ index, start }) => {
          const row = rows[index];
          if (row === undefined) return null;
          const isFolder = row.kind === "directory";
          const mark = markOf(marks, row.path);
          return (
            <ContextMenuArea key={row.path} actions={actionsOf(row)}>
              {({ onContextMenu }) => (
                // biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/useFocusableInteractive: the tree has the focus and hears the keys
                <div
                  id={`${id}-${index}`}
                  role="treeitem"
                  aria-level={row.level}
                  aria-posinset={row.position}
                  aria-setsize={row.setSize}
                  aria-expanded={isFolder ? row.isExpanded : undefined}
                  aria-selected={row.path === opened}
                  data-current={row.path === current ? "" : undefined}
                  data-path={row.path}
                  className="files-row"
                  style={{ transform: `translateY(${start}px)`, height, paddingInlineStart: 4 + row.level * 12 }}
                  onClick={() => {
                    onMove({ kind: "go", path: row.path });
                    onMove({ kind: isFolder ? (row.isExpanded ? "collapse" : "expand") : "open", path: row.path });
                  }}
                  onContextMenu={(event) => {
                    onMove({ kind: "go", path: row.path });
                    onContextMenu(event);
                  }}
                >
                  <FileIcon kind={row.kind} isExpanded={row.isExpanded} />
                  <span dir="auto" className="files-name">
                    {visibleText(row.name)}
                  </span>
                  {row.kind === "symlink" ? <span className="files-note">{filesTexts.link}</span> : null}
                  {unsaved.has(row.path) ? <UnsavedDot /> : null}
                  {mark === null ? null : <MarkSign mark={mark} />}
                </div>
              )}
            </ContextMenuArea>
          );
        })}
      </div>
    </div>
  );
}
