import { createContext, memo, useContext } from "react";
import { LongText } from "./long-text.tsx";
import { Markdown } from "./markdown.tsx";

/** Closes what a half-written text leaves open, a `**` say, so that it does not show as such. */
export const MendContext = createContext<(text: string) => string>((text) => text);

export interface AnswerTextProps {
  readonly text: string;
  readonly isStreaming: boolean;
}

/** The text of an answer; where it is too much of it, it stands as it is. */
export const AnswerText = memo(function AnswerText({ text, isStreaming }: AnswerTextProps) {
  const mend = useContext(MendContext);
  if (text.length > markdownLengthMax)
    return (
      <div className="my-2 whitespace-pre-wrap break-words first:mt-0 last:mb-0">
        <LongText text={text} />
      </div>
    );
  return (
    <div className="my-2 min-w-0 break-words first:mt-0 last:mb-0">
      <Markdown text={isStreaming ? mend(text) : text} isStreaming={isStreaming} />
    </div>
  );
});

/** Parsing megabytes would hold the page for seconds. */
const markdownLengthMax = 200_000;
