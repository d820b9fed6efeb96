import type { Changes } from "@threadbox/contracts/changes";
import { IconButton } from "@threadbox/ui/button";
import { Columns2, RefreshCw } from "lucide-react";
import { ChangeCount } from "../text/index.ts";
import type { ChangesState } from "./changes-store.ts";
import type { Layout } from "./diff-rows.ts";
import { changesTexts } from "./texts.ts";

export interface ChangesToolbarProps {
  readonly state: ChangesState;
  readonly layout: Layout;
  readonly onLayout: (layout: Layout) => void;
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

export function ChangesToolbar({ state: { files, roots }, layout, onLayout, onRefresh }: ChangesToolbarProps) {
  const changed = (files ?? []).map(({ file }) => file);
  const isSplit = layout === "split";
  return (
    <div className="changes-toolbar">
      <p className="changes-summary">
        {changed.length === 0 ? null : (
          <>
            <strong className="font-medium">{changesTexts.summary(changed.length)}</strong>{" "}
            <ChangeCount
              additions={sum(changed.map(({ additions }) => additions))}
              deletions={sum(changed.map(({ deletions }) => deletions))}
            />{" "}
            <span className="text-ink-muted">{sinceText(roots)}</span>
          </>
        )}
      </p>
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
