import { lazy, memo, Suspense } from "react";

const Markdown = lazy(() => import("./markdown.tsx"));

export interface AnswerTextProps {
  readonly text: string;
  readonly isStreaming: boolean;
}

/** The text of an answer. Until the markdown code is here, and where it is too much of it, the text stands as it is. */
export const AnswerText = memo(function AnswerText({ text, isStreaming }: AnswerTextProps) {
  const plain = <div className="my-2 whitespace-pre-wrap break-words">{text}</div>;
  if (text.length > markdownLengthMax) return plain;
  return (
    <div className="my-2 min-w-0 break-words">
      <Suspense fallback={<div className="whitespace-pre-wrap">{text}</div>}>
        <Markdown text={text} isStreaming={isStreaming} />
      </Suspense>
    </div>
  );
});

/** Parsing megabytes would hold the page for seconds. */
const markdownLengthMax = 200_000;
