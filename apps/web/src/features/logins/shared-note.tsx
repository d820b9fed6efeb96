import { loginTexts as texts } from "./texts.ts";

/** What goes to OpenAI and what does not, for whoever asks. */
export function SharedNote() {
  return (
    <details className="text-ink-muted text-sm">
      <summary className="cursor-pointer">{texts.shared}</summary>
      <p className="mt-2">{texts.sharedText}</p>
    </details>
  );
}
