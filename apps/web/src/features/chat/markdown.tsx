import { classNames } from "@threadbox/ui/class-names";
import { ImageOff } from "lucide-react";
import { type ComponentProps, isValidElement, type ReactNode } from "react";
import { defaultRehypePlugins, Streamdown, useIsCodeFenceIncomplete } from "streamdown";
import { CodeBlock } from "./code-block.tsx";
import { safeLink } from "./safe-link.ts";
import { visibleText } from "./visible-text.ts";

/**
 * Markdown of a model, which may want to do harm: raw HTML stays text (there is no plugin that would parse it), links
 * lead out by a click only, and no image is ever fetched.
 */
const rehypePlugins = [defaultRehypePlugins.sanitize].filter((plugin) => plugin !== undefined);

function Link({ href, children }: ComponentProps<"a">) {
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
function Image({ src, alt }: ComponentProps<"img">) {
  const address = safeLink(src);
  return (
    <span className="inline-flex max-w-full items-center gap-1.5 rounded-md border bg-sunken px-2 py-0.5 text-compact text-ink-muted">
      <ImageOff aria-hidden="true" className="size-3.5 shrink-0" />
      <span className="truncate">{alt || "Image"}</span>
      {address === null ? null : <Link href={address}>{new URL(address).host}</Link>}
    </span>
  );
}

const languageOf = (className: unknown): string =>
  typeof className === "string" ? (/language-(\S+)/.exec(className)?.[1] ?? "") : "";

function Pre({ children }: { readonly children?: ReactNode }) {
  const isIncomplete = useIsCodeFenceIncomplete();
  if (!isValidElement<{ className?: string; children?: ReactNode }>(children)) return <pre>{children}</pre>;
  const { className, children: code } = children.props;
  return (
    <CodeBlock
      code={String(code ?? "").replace(/\n$/, "")}
      language={languageOf(className)}
      isIncomplete={isIncomplete}
    />
  );
}

function InlineCode({ children }: { readonly children?: ReactNode }) {
  const text = typeof children === "string" ? visibleText(children) : children;
  return <code className="rounded-sm bg-hover px-1 py-0.5 text-[0.875em]">{text}</code>;
}

function Table({ children }: { readonly children?: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table scrolls sideways, also by keyboard
    <section aria-label="Table" tabIndex={0} className="my-4 overflow-x-auto rounded-lg border">
      <table className="w-full border-collapse text-sm tabular">{children}</table>
    </section>
  );
}

// The markdown pipeline writes a column's alignment as a style.
const alignClass = (align: string | undefined): string =>
  align === "right" ? "text-end" : align === "center" ? "text-center" : "text-start";

const components = {
  a: Link,
  img: Image,
  pre: Pre,
  code: InlineCode,
  inlineCode: InlineCode,
  table: Table,
  thead: ({ children }: ComponentProps<"thead">) => <thead className="bg-panel">{children}</thead>,
  tr: ({ children }: ComponentProps<"tr">) => <tr className="border-b last:border-b-0">{children}</tr>,
  th: ({ children, style }: ComponentProps<"th">) => (
    <th className={classNames("px-3 py-2 font-medium", alignClass(style?.textAlign))}>{children}</th>
  ),
  td: ({ children, style }: ComponentProps<"td">) => (
    <td className={classNames("px-3 py-2 align-top", alignClass(style?.textAlign))}>{children}</td>
  ),
  h1: ({ children }: ComponentProps<"h1">) => <h3 className="mt-6 mb-2 font-semibold text-lg">{children}</h3>,
  h2: ({ children }: ComponentProps<"h2">) => <h3 className="mt-6 mb-2 font-semibold text-[17px]">{children}</h3>,
  h3: ({ children }: ComponentProps<"h3">) => <h4 className="mt-5 mb-1.5 font-semibold">{children}</h4>,
  h4: ({ children }: ComponentProps<"h4">) => <h5 className="mt-4 mb-1 font-semibold text-sm">{children}</h5>,
  h5: ({ children }: ComponentProps<"h5">) => <h5 className="mt-4 mb-1 font-semibold text-sm">{children}</h5>,
  h6: ({ children }: ComponentProps<"h6">) => <h5 className="mt-4 mb-1 font-semibold text-sm">{children}</h5>,
  p: ({ children }: ComponentProps<"p">) => <p className="my-3 text-pretty">{children}</p>,
  ul: ({ children }: ComponentProps<"ul">) => (
    <ul className="my-3 list-disc space-y-1 ps-6 marker:text-ink-faint">{children}</ul>
  ),
  ol: ({ children, start }: ComponentProps<"ol">) => (
    <ol start={start} className="my-3 list-decimal space-y-1 ps-6 marker:text-ink-muted marker:tabular">
      {children}
    </ol>
  ),
  li: ({ children }: ComponentProps<"li">) => <li className="ps-1 [&>p]:my-1">{children}</li>,
  blockquote: ({ children }: ComponentProps<"blockquote">) => (
    <blockquote className="my-4 border-line-strong border-s-2 ps-4 text-ink-muted">{children}</blockquote>
  ),
  hr: () => <hr className="my-6 border-line" />,
};

export interface MarkdownProps {
  readonly text: string;
  readonly isStreaming: boolean;
}

export default function Markdown({ text, isStreaming }: MarkdownProps) {
  return (
    <Streamdown
      mode={isStreaming ? "streaming" : "static"}
      parseIncompleteMarkdown={isStreaming}
      dir="auto"
      controls={false}
      linkSafety={{ enabled: false }}
      rehypePlugins={rehypePlugins}
      components={components}
      className="space-y-0 *:first:mt-0 *:last:mb-0"
    >
      {text}
    </Streamdown>
  );
}
