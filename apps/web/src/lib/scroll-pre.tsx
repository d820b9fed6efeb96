import { classNames } from "@threadbox/ui/class-names";
import { type ReactNode, useLayoutEffect, useRef } from "react";

export interface ScrollPreProps {
  readonly className?: string;
  readonly children: ReactNode;
  /** Keeps the end in view while text is added, unless the reader has scrolled away from it. */
  readonly followsEnd?: boolean;
}

/** Pixels from the end that still count as being at it. */
const endSlack = 24;

/** Preformatted text that scrolls inside its frame, by pointer and by keyboard; always left to right. */
export function ScrollPre({ className, children, followsEnd = false }: ScrollPreProps) {
  const element = useRef<HTMLPreElement>(null);
  const isAtEnd = useRef(true);
  useLayoutEffect(() => {
    const pre = element.current;
    if (followsEnd && pre !== null && isAtEnd.current) pre.scrollTop = pre.scrollHeight;
  });
  return (
    <pre
      ref={element}
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
        isAtEnd.current = scrollHeight - scrollTop - clientHeight < endSlack;
      }}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: without focus the keyboard could not scroll it
      tabIndex={0}
      dir="ltr"
      className={classNames("focus-inset relative overflow-auto", className)}
    >
      {children}
    </pre>
  );
}
