import { useRef } from "react";
import { visibleText } from "../text/index.ts";
import type { CommentList, Comments } from "./comments.ts";
import { type Cell, type LinePlace, placeKey, placeOf } from "./diff-rows.ts";
import { LineComment } from "./line-comment.tsx";
import { changesTexts } from "./texts.ts";
import { segmentsOf } from "./word-diff.ts";

export interface LineContext {
  readonly comments: Comments;
  readonly said: CommentList;
  /** Whether the Tab key stops at this row. */
  readonly isStop: boolean;
}

const signs = { " ": " ", "+": "+", "-": "−" } as const;

const spoken = { " ": "", "+": changesTexts.lineAdded, "-": changesTexts.lineRemoved } as const;

function Text({ cell: { line, partner } }: { readonly cell: Cell }) {
  return (
    <code className="changes-text">
      <span className="sr-only">{spoken[line.sign]}</span>
      <span aria-hidden="true" className="changes-sign">
        {signs[line.sign]}
      </span>
      {segmentsOf(line.text.replace(/\r$/, ""), partner?.replace(/\r$/, "") ?? null).map(({ text, isChanged }, at) =>
        isChanged ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the runs of one text, which have no name
          <mark key={at} className="changes-word">
            {visibleText(text)}
          </mark>
        ) : (
          visibleText(text)
        ),
      )}
    </code>
  );
}

interface NumberProps {
  readonly place: LinePlace;
  readonly quote: string;
  readonly numbers: readonly (number | null)[];
  readonly context: LineContext;
}

/** The line's numbers, which are the way to a comment on it; drawn by the style sheet, as its name says the one that counts. */
function LineNumber({ place, quote, numbers, context: { comments, isStop } }: NumberProps) {
  return (
    <button
      type="button"
      tabIndex={isStop ? 0 : -1}
      aria-label={changesTexts.commentOn(place.line, place.side === "before")}
      className="changes-number"
      onClick={() => comments.edit(place, quote)}
    >
      {numbers.map((number, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the two columns of numbers
        <span key={at} data-number={number ?? ""} />
      ))}
    </button>
  );
}

interface CommentBelowProps {
  readonly place: LinePlace;
  readonly context: LineContext;
  readonly onDone: () => void;
}

function CommentBelow({ place, context: { said, comments }, onDone }: CommentBelowProps) {
  const comment = said.get(placeKey(place));
  return comment === undefined ? null : <LineComment comment={comment} comments={comments} onDone={onDone} />;
}

/** One line of a file, one below the other. */
export function UnifiedLine({
  path,
  cell,
  context,
}: {
  readonly path: string;
  readonly cell: Cell;
  readonly context: LineContext;
}) {
  const row = useRef<HTMLDivElement>(null);
  const { line } = cell;
  const place = placeOf(path, line);
  const onDone = () => row.current?.querySelector("button")?.focus({ preventScroll: true });
  return (
    <div ref={row}>
      <div className="changes-line" data-sign={line.sign}>
        <LineNumber place={place} quote={line.text} numbers={[line.before, line.after]} context={context} />
        <Text cell={cell} />
      </div>
      <CommentBelow place={place} context={context} onDone={onDone} />
    </div>
  );
}

interface SplitLineProps {
  readonly path: string;
  readonly before: Cell | null;
  readonly after: Cell | null;
  readonly context: LineContext;
}

/** One row side by side: the text as it was, and as it is. */
export function SplitLine({ path, before, after, context }: SplitLineProps) {
  const row = useRef<HTMLDivElement>(null);
  const onDone = () => row.current?.querySelector("button")?.focus({ preventScroll: true });
  const side = (cell: Cell | null, which: "before" | "after") =>
    cell === null ? (
      <div className="changes-line" data-sign="none" />
    ) : (
      <div className="changes-line" data-sign={cell.line.sign}>
        <LineNumber
          place={placeOf(path, cell.line)}
          quote={cell.line.text}
          numbers={[cell.line[which]]}
          context={context}
        />
        <Text cell={cell} />
      </div>
    );
  const places = [before, after].flatMap((cell) => (cell === null ? [] : [placeOf(path, cell.line)]));
  const distinct = [...new Map(places.map((place) => [placeKey(place), place])).values()];
  return (
    <div ref={row}>
      <div className="changes-pair">
        {side(before, "before")}
        {side(after, "after")}
      </div>
      {distinct.map((place) => (
        <CommentBelow key={placeKey(place)} place={place} context={context} onDone={onDone} />
      ))}
    </div>
  );
}
