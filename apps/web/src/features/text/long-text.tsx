import { Button } from "@threadbox/ui/button";
import { useState } from "react";
import { sizeText } from "../../lib/size.ts";
import { headOf } from "./long-text.ts";
import { outputBytes } from "./output-bytes.ts";
import { textTexts } from "./texts.ts";

/** Text as it is; of a long one the beginning, until somebody asks for all of it. */
export function LongText({ text }: { readonly text: string }) {
  const [isWhole, setIsWhole] = useState(false);
  const head = headOf(text);
  if (head === text) return text;
  return (
    <>
      {isWhole ? text : `${head}…`}
      <span className="mt-2 block">
        <Button tone="quiet" size="sm" aria-expanded={isWhole} onClick={() => setIsWhole(!isWhole)}>
          {isWhole ? textTexts.showLess : textTexts.showAll(sizeText(outputBytes(text)))}
        </Button>
      </span>
    </>
  );
}
