import { ImageOff } from "lucide-react";
import type { MarkedToken, Token } from "marked";
import { Fragment, type ReactNode } from "react";
import { decodeReferences } from "./markdown-text.ts";
import { safeLink } from "./safe-link.ts";
import { visibleText } from "./visible-text.ts";

function Link({ href, children }: { readonly href: string; readonly children: ReactNode }) {
  const address = safeLink(href);
  if (address === null) return <span>{children}</span>;
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
      <span className="truncate">{alt || "Image"}</span>
      {address === null ? null : <Link href={address}>{new URL(address).host}</Link>}
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
      return <code className="rounded-sm bg-hover px-1 py-0.5 text-[0.875em]">{visibleText(token.text)}</code>;
    case "br":
      return <br />;
    case "link":
      return <Link href={decodeReferences(token.href)}>{inline(token.tokens, depth)}</Link>;
    case "image":
      return <Image href={decodeReferences(token.href)} alt={decodeReferences(token.text)} />;
    case "checkbox":
      return (
        <input
          type="checkbox"
          disabled
          checked={token.checked}
          aria-label={token.checked ? "Done" : "To do"}
          className="me-1.5 align-middle"
        />
      );
    default:
      // Raw HTML above all: it is shown, never obeyed.
      return token.raw;
  }
}

/** Text with its marks, links and code. */
export const inline = (tokens: readonly Token[], depth: number): ReactNode =>
  tokens.map((token, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: tokens of one text never move
    <Fragment key={index}>{depth >= nestingMax ? token.raw : one(token as MarkedToken, depth + 1)}</Fragment>
  ));
