import type { Changes } from "@threadbox/contracts/changes";
import { Button, IconButton } from "@threadbox/ui/button";
import { Columns2, RefreshCw } from "lucide-react";
import { ChangeCount } from "../text/index.ts";
import { type AskedChanges, askedKey, openChanges } from "./asked-changes.ts";
import { ChangesChoice } from "./changes-choice.tsx";
import type { ChangesState } from "./changes-store.ts";
import type { Layout } from "./diff-rows.ts";
import { changesTexts } from "./texts.ts";

export interface ChangesToolbarProps {
  readonly state: ChangesState;
  readonly layout: Layout;
  readonly onLayout: (layout: Layout) => void;
  readonly onAsk: (asked: AskedChanges) => void;
  readonly onAcceptAll: () => void;
  readonly onRefresh: () => void;
}

const sinceText = (roots: Changes["roots"]): string => {
  const commits = roots.flatMap(({ commit }) => (commit === null ? [] : [commit]));
  const [first, second] = commits;
  if (first === undefined) return changesTexts.sinceStart;
  return second === undefined ? changesTexts.since(first) : changesTexts.sinceClones;
};

const sum = (counts: readonly (number | null)[]): number =>
  counts.reduce<number>((all, count) => all + (count ?? 0), 0);

export function ChangesToolbar({ state, layout, onLayout, onAsk, onAcceptAll, onRefresh }: ChangesToolbarProps) {
  const { asked, files, roots, turns, hasAccepted } = state;
  const changed = (files ?? []).map(({ file }) => file);
  const isSplit = layout === "split";
  return (
    <div className="changes-toolbar">
      <ChangesChoice asked={asked} turns={turns} hasAccepted={hasAccepted} onAsk={onAsk} />
      <p className="changes-summary">
        {changed.length === 0 ? null : (
          <>
            <strong className="font-medium">{changesTexts.summary(changed.length)}</strong>{" "}
            <ChangeCount
              additions={sum(changed.map(({ additions }) => additions))}
              deletions={sum(changed.map(({ deletions }) => deletions))}
            />{" "}
            <span className="text-ink-muted">{"turnId" in asked ? changesTexts.sinceTurn : sinceText(roots)}</span>
          </>
        )}
      </p>
      {changed.length > 0 && askedKey(asked) === askedKey(openChanges) ? (
        <Button size="sm" onClick={onAcceptAll}>
          {changesTexts.acceptAll}
        </Button>
      ) : null}
      <IconButton
        label={changesTexts.split}
        icon={<Columns2 />}
        size="sm"
        tooltipSide="bottom"
        aria-pressed={isSplit}
        onClick={() => onLayout(isSplit ? "unified" : "split")}
      />
      <IconButton
        label={changesTexts.refresh}
        icon={<RefreshCw />}
        size="sm"
        tooltipSide="bottom"
        onClick={onRefresh}
      />
    </div>
  );
}
