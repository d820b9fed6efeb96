import type { PathChange, PointChanges } from "@threadbox/contracts/points";
import { Minus, Pencil, Plus } from "lucide-react";
import { visibleText } from "../text/index.ts";
import { changesText, restoreTexts as texts } from "./texts.ts";

const signs: Readonly<Record<PathChange, typeof Plus>> = { back: Plus, changed: Pencil, gone: Minus };

/** What a restore would do, path by path. */
export function ChangedPaths({ changes }: { readonly changes: PointChanges }) {
  return (
    <div className="space-y-2">
      <p>{changesText(changes)}</p>
      {changes.rows.length === 0 ? null : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: without focus the keyboard could not scroll it
        <ul className="point-paths" aria-label={texts.paths} tabIndex={0}>
          {changes.rows.map(({ path, change, files }) => {
            const Sign = signs[change];
            return (
              <li key={path} data-change={change}>
                <Sign aria-hidden="true" />
                <span className="sr-only">{texts.signs[change]}: </span>
                <bdi className="min-w-0 break-all">{visibleText(path)}</bdi>
                {files === undefined ? null : <span className="ms-auto shrink-0">{texts.folded(files)}</span>}
              </li>
            );
          })}
        </ul>
      )}
      {changes.isCut ? <p className="text-compact text-ink-muted">{texts.more}</p> : null}
    </div>
  );
}
