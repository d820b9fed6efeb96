import { textTexts } from "./texts.ts";

export function ChangeCount({ additions, deletions }: { readonly additions: number; readonly deletions: number }) {
  return (
    <span className="shrink-0 font-mono text-xs tabular">
      {additions > 0 || deletions === 0 ? (
        <span className="text-good">
          <bdi>+{additions}</bdi>
          <span className="sr-only"> {textTexts.linesAdded}</span>
        </span>
      ) : null}
      {additions > 0 && deletions > 0 ? " " : null}
      {deletions > 0 ? (
        <span className="text-bad">
          <bdi>−{deletions}</bdi>
          <span className="sr-only"> {textTexts.linesRemoved}</span>
        </span>
      ) : null}
    </span>
  );
}
