import type { MarkedToken, Token, Tokens } from "marked";
import { Fragment, memo, type ReactNode, useMemo } from "react";
import { CodeBlock } from "./code-block.tsx";
import { lexMarkdown } from "./markdown-dialect.ts";
import { isComment, isLineBreak } from "./markdown-html.ts";
import { inline, nestingMax } from "./markdown-inline.tsx";
import { decodeReferences } from "./markdown-text.ts";
import { textTexts } from "./texts.ts";

const headings = {
  1: ["h3", "mt-6 mb-2 font-semibold text-lg"],
  2: ["h3", "mt-6 mb-2 font-semibold text-[17px]"],
  3: ["h4", "mt-5 mb-1.5 font-semibold"],
} as const;
const smallHeading = ["h5", "mt-4 mb-1 font-semibold text-sm"] as const;

function Heading({ depth, children }: { readonly depth: number; readonly children: ReactNode }) {
  const [Tag, className] = headings[depth as keyof typeof headings] ?? smallHeading;
  return (
    <Tag dir="auto" className={className}>
      {children}
    </Tag>
  );
}

const isFenceClosed = (raw: string): boolean => /\n {0,3}(?:`{3,}|~{3,})[ \t]*\n*$/.test(raw);

const alignClass = { left: "text-start", center: "text-center", right: "text-end" } as const;

function Cell({ cell: { header, align, tokens }, depth }: { readonly cell: Tokens.TableCell; readonly depth: number }) {
  const Tag = header ? "th" : "td";
  return (
    <Tag dir="auto" className={`px-3 py-2 ${header ? "font-medium" : "align-top"} ${alignClass[align ?? "left"]}`}>
      {inline(tokens, depth)}
    </Tag>
  );
}

function Row({ cells, depth }: { readonly cells: readonly Tokens.TableCell[]; readonly depth: number }) {
  return (
    <tr className="border-b last:border-b-0">
      {cells.map((cell, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: cells of one row never move
        <Cell key={index} cell={cell} depth={depth} />
      ))}
    </tr>
  );
}

function Table({ table: { header, rows }, depth }: { readonly table: Tokens.Table; readonly depth: number }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table scrolls sideways, also by keyboard
    <section aria-label={textTexts.table} tabIndex={0} className="relative my-4 overflow-x-auto rounded-lg border">
      <table dir="auto" className="w-full border-collapse text-sm tabular">
        <thead className="bg-panel">
          <Row cells={header} depth={depth} />
        </thead>
        <tbody>
          {rows.map((cells, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows of one table never move
            <Row key={index} cells={cells} depth={depth} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface Place {
  readonly depth: number;
  /** It stands at the end of a text that is still being written. */
  readonly isOpen: boolean;
}

/** The box of a task stands where the bullet of another item does. */
const taskItem = "list-none ps-1 [&>input]:-ms-5 [&>p>input:first-child]:-ms-5 [&>p]:my-1";

function List({ list: { ordered, start, items }, depth, isOpen }: Place & { readonly list: Tokens.List }) {
  const shown = items.map(({ tokens, task }, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: items of one list never move
    <li key={index} className={task ? taskItem : "ps-1 [&>p]:my-1"}>
      {blocks(tokens, { depth, isOpen: isOpen && index === items.length - 1 })}
    </li>
  ));
  return ordered ? (
    <ol
      dir="auto"
      start={start === "" || start === 1 ? undefined : start}
      className="my-3 list-decimal space-y-1 ps-6 marker:text-ink-muted marker:tabular"
    >
      {shown}
    </ol>
  ) : (
    <ul dir="auto" className="my-3 list-disc space-y-1 ps-6 marker:text-ink-faint">
      {shown}
    </ul>
  );
}

const alert = /^\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\][ \t]*(?:\n|$)/;

/** The first words of a quote when they say what kind of notice it is: "Note". */
function Alert({ token, place }: { readonly token: Tokens.Blockquote; readonly place: Place }) {
  const [first, ...others] = token.tokens as MarkedToken[];
  const start = first?.type === "paragraph" ? first.tokens[0] : undefined;
  const [marker, kind] = (start?.type === "text" ? alert.exec(start.raw) : null) ?? [];
  if (first?.type !== "paragraph" || start === undefined || marker === undefined || kind === undefined)
    return blocks(token.tokens, place);
  const rest = start.raw.slice(marker.length);
  const words = [{ ...start, raw: rest, text: rest }, ...first.tokens.slice(1)];
  return (
    <>
      <p className="my-3 font-semibold text-ink">{`${kind[0]}${kind.slice(1).toLowerCase()}`}</p>
      {blocks([{ ...first, tokens: words }, ...others], place)}
    </>
  );
}

function one(token: MarkedToken, place: Place): ReactNode {
  const { depth } = place;
  switch (token.type) {
    case "space":
      return null;
    case "def":
      // A footnote is words to read, an address is not.
      return token.tag.startsWith("^") ? (
        <p dir="auto" className="my-1 text-compact text-ink-muted">
          {token.raw.trim()}
        </p>
      ) : null;
    case "heading":
      return <Heading depth={token.depth}>{inline(token.tokens, depth)}</Heading>;
    case "paragraph":
      return (
        <p dir="auto" className="my-3 text-pretty">
          {inline(token.tokens, depth)}
        </p>
      );
    case "code":
      return (
        <CodeBlock
          code={token.text}
          language={decodeReferences(token.lang?.split(/\s/, 1)[0] ?? "")}
          isIncomplete={place.isOpen && token.codeBlockStyle !== "indented" && !isFenceClosed(token.raw)}
        />
      );
    case "blockquote":
      return (
        <blockquote dir="auto" className="my-4 border-line-strong border-s-2 ps-4 text-ink-muted">
          <Alert token={token} place={place} />
        </blockquote>
      );
    case "list":
      return <List list={token} {...place} />;
    case "table":
      return <Table table={token} depth={depth} />;
    case "hr":
      return <hr className="my-6 border-line" />;
    case "html":
      return isComment(token.raw) || isLineBreak(token.raw) ? null : (
        <p dir="auto" className="my-3 whitespace-pre-wrap">
          {token.raw.trimEnd()}
        </p>
      );
    default:
      return inline([token], depth);
  }
}

const blocks = (tokens: readonly Token[], { depth, isOpen }: Place): ReactNode =>
  tokens.map((token, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: tokens of one text never move
    <Fragment key={index}>
      {depth >= nestingMax
        ? token.raw
        : one(token as MarkedToken, { depth: depth + 1, isOpen: isOpen && index === tokens.length - 1 })}
    </Fragment>
  ));

interface BlockProps {
  readonly token: Token;
  /** The addresses that the text's links by name lead to; a later block may bring one. */
  readonly definitions: string;
  readonly isOpen: boolean;
}

/** Each piece of a growing text makes all tokens anew; a block whose words are the same is left as it is. */
const Block = memo(
  function Block({ token, isOpen }: BlockProps) {
    return blocks([token], { depth: 0, isOpen });
  },
  (before, after) =>
    before.token.raw === after.token.raw && before.isOpen === after.isOpen && before.definitions === after.definitions,
);

/** Null for text that nobody wrote to be read: nested so deep that the lexer gives up. */
const lex = (text: string) => {
  try {
    const tokens = lexMarkdown(text);
    return { tokens, definitions: JSON.stringify(tokens.links) };
  } catch {
    return null;
  }
};

export interface MarkdownProps {
  readonly text: string;
  /** More of it may come. */
  readonly isStreaming: boolean;
}

/**
 * Markdown of a model, which may want to do harm: raw HTML stays text, links lead out by a click only, and no image is
 * ever fetched.
 */
export function Markdown({ text, isStreaming }: MarkdownProps) {
  const lexed = useMemo(() => lex(text), [text]);
  if (lexed === null) return <div className="whitespace-pre-wrap">{text}</div>;
  const { tokens, definitions } = lexed;
  return (
    <div className="*:first:mt-0 *:last:mb-0">
      {tokens.map((token, index) => (
        <Block
          // biome-ignore lint/suspicious/noArrayIndexKey: a text grows at its end; its blocks never move
          key={index}
          token={token}
          definitions={definitions}
          isOpen={isStreaming && index === tokens.length - 1}
        />
      ))}
    </div>
  );
}
