import { ImageOff } from "lucide-react";
import type { MarkedToken, Token } from "marked";
import { type ComponentType, createContext, Fragment, type ReactNode, useContext } from "react";
import { isComment, isLineBreak, tagName, tagPairs } from "./markdown-html.ts";
import { decodeReferences } from "./markdown-text.ts";
import { safeLink } from "./safe-link.ts";
import { textTexts } from "./texts.ts";
import { visibleText } from "./visible-text.ts";

const codeClass = "rounded-sm bg-hover px-1 py-0.5 text-[0.875em]";

interface LinkProps {
  readonly href: string;
  /** The words as they were written; an address that they say already is not said again. */
  readonly words: string;
  readonly children: ReactNode;
}

export interface PathLinkProps {
  readonly href: string;
  readonly children: ReactNode;
}

/** What makes of a path more than its words. */
export const PathLinkContext = createContext<ComponentType<PathLinkProps>>(({ children }) => children);

/** What leads nowhere on the web, a path above all, is still said. */
function Link({ href, words, children: said }: LinkProps) {
  const PathLink = useContext(PathLinkContext);
  const address = safeLink(href);
  const children = address === null ? <PathLink href={href}>{said}</PathLink> : said;
  if (address === null)
    return href === "" || href === words ? (
      <span>{children}</span>
    ) : (
      <span>
        {children} <code className={codeClass}>{visibleText(href)}</code>
      </span>
    );
  return (
    <a
      href={address}
      title={address}
      target="_blank"
      rel="noopener noreferrer nofollow"
      className="text-accent underline decoration-accent/40 underline-offset-2 hover:decoration-accent"
    >
      {children}
    </a>
  );
}

/** A picture elsewhere would tell its server who reads this, so it is shown as a link. */
function Image({ href, alt }: { readonly href: string; readonly alt: string }) {
  const address = safeLink(href);
  return (
    <span className="inline-flex max-w-full items-center gap-1.5 rounded-md border bg-sunken px-2 py-0.5 text-compact text-ink-muted">
      <ImageOff aria-hidden="true" className="size-3.5 shrink-0" />
      <span className="truncate">{alt || textTexts.image}</span>
      {address === null ? (
        <code className="truncate">{visibleText(href)}</code>
      ) : (
        <Link href={address} words={alt}>
          {new URL(address).host}
        </Link>
      )}
    </span>
  );
}

/** Deeper nesting is no text that anybody reads. */
export const nestingMax = 40;

function one(token: MarkedToken, depth: number): ReactNode {
  switch (token.type) {
    case "text":
      return token.tokens === undefined ? decodeReferences(token.text) : inline(token.tokens, depth);
    case "escape":
      return token.text;
    case "strong":
      return <strong className="font-semibold">{inline(token.tokens, depth)}</strong>;
    case "em":
      return <em>{inline(token.tokens, depth)}</em>;
    case "del":
      return <del>{inline(token.tokens, depth)}</del>;
    case "codespan":
      return <code className={codeClass}>{visibleText(token.text)}</code>;
    case "br":
      return <br />;
    case "link":
      return (
        <Link href={decodeReferences(token.href)} words={token.text}>
          {inline(token.tokens, depth)}
        </Link>
      );
    case "image":
      return <Image href={decodeReferences(token.href)} alt={decodeReferences(token.text)} />;
    case "checkbox":
      return (
        <input
          type="checkbox"
          disabled
          checked={token.checked}
          aria-label={token.checked ? textTexts.done : textTexts.toDo}
          className="me-1.5 align-middle"
        />
      );
    case "html":
      if (isComment(token.raw)) return null;
      return isLineBreak(token.raw) ? <br /> : token.raw;
    default:
      // Whatever else there may be is shown, never obeyed.
      return token.raw;
  }
}

/** Text with its marks, links and code, and with the few HTML tags that only mark it up. */
export const inline = (tokens: readonly Token[], depth: number): ReactNode => {
  const pairs = tagPairs(tokens);
  const shown: ReactNode[] = [];
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index] as MarkedToken;
    const end = depth < nestingMax ? pairs.get(index) : undefined;
    if (end === undefined) {
      shown.push(<Fragment key={index}>{depth >= nestingMax ? token.raw : one(token, depth + 1)}</Fragment>);
      continue;
    }
    const Tag = tagName(token.raw);
    shown.push(<Tag key={index}>{inline(tokens.slice(index + 1, end), depth + 1)}</Tag>);
    index = end;
  }
  return shown;
};
