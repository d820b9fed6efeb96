import { useEffect, useState } from "react";
import type { CodeToken } from "./highlight-tokens.ts";
import { highlight } from "./highlighter.ts";

export interface HighlightedCodeProps {
  readonly code: string;
  /** Empty for code that is to stay plain. */
  readonly language: string;
}

/** Plain at once, in colour a moment later; the characters are the same and stay where they are. */
export function HighlightedCode({ code, language }: HighlightedCodeProps) {
  const [coloured, setColoured] = useState<{ readonly of: string; readonly tokens: readonly CodeToken[] } | null>(null);
  useEffect(() => {
    let isGone = false;
    void highlight(code, language).then((tokens) => {
      if (!isGone && tokens !== null) setColoured({ of: code, tokens });
    });
    return () => {
      isGone = true;
    };
  }, [code, language]);
  if (coloured === null || coloured.of !== code) return code;
  return coloured.tokens.map(({ text, color }, index) =>
    color === undefined ? (
      text
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: tokens of one text never move
      <span key={index} style={{ color }}>
        {text}
      </span>
    ),
  );
}
