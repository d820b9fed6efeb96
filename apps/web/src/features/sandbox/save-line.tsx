import type { SaveState } from "@threadbox/contracts/sandbox";
import { CircleAlert, LoaderCircle, TriangleAlert } from "lucide-react";
import { useNow } from "../../lib/use-now.ts";
import { saveText } from "./save-text.ts";
import { saveTexts } from "./save-texts.ts";

/** When the sandbox was saved, or why it isn't: a term and its definition. */
export function SaveLine({ saves }: { readonly saves: SaveState }) {
  const { tone, text, more } = saveText(saves, useNow(1_000));
  return (
    <>
      <dt className="text-ink-muted">{saveTexts.saved}</dt>
      <dd className="tabular">
        <span className="inline-flex items-center gap-1.5">
          {text}
          {tone === "active" ? <LoaderCircle aria-hidden="true" className="size-3.5 animate-turn text-accent" /> : null}
          {tone === "warn" ? <TriangleAlert aria-hidden="true" className="size-3.5 text-warn" /> : null}
          {tone === "bad" ? <CircleAlert aria-hidden="true" className="size-3.5 text-bad" /> : null}
        </span>
        {more.map((sentence, index) => (
          <p key={sentence} className={index === 0 && tone === "bad" ? "text-bad" : "text-ink-muted"}>
            {sentence}
          </p>
        ))}
      </dd>
    </>
  );
}
