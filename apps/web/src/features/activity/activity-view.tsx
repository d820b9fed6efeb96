import { journalLimits } from "@threadbox/contracts/journal";
import { api } from "@threadbox/convex/_generated/api";
import { Dot } from "@threadbox/ui/badge";
import { Button } from "@threadbox/ui/button";
import { useConvexAuth, usePaginatedQuery } from "convex/react";
import { Activity, Archive, Globe, LoaderCircle, Monitor, Settings2, ShieldX, SquareCode, WifiOff } from "lucide-react";
import { useState } from "react";
import "./activity.css";
import { PanelWord } from "../../lib/panel-word.tsx";
import { useOnline } from "../../lib/use-online.ts";
import { UnaskedPrograms } from "../approvals/index.ts";
import { NetworkDialog, networkTexts, type UseThreadNetwork, useThreadNetwork } from "../network/index.ts";
import { ProgramRuns } from "../programs/index.ts";
import { isUp, useSandbox } from "../sandbox/index.ts";
import { type ActivityRow, activityRow } from "./activity-row.ts";
import { AllowHost } from "./allow-host.tsx";
import { RunningNow } from "./running-now.tsx";
import { activityTexts } from "./texts.ts";

const pageSize = journalLimits.pageEntriesMax / 2;

type Filter = keyof typeof activityTexts.filters;
const filters = Object.keys(activityTexts.filters) as Filter[];

function Icon({ kind, tone }: Pick<ActivityRow, "kind" | "tone">) {
  if (tone === "active") return <LoaderCircle aria-hidden="true" className="animate-turn text-accent" />;
  if (kind === "egress")
    return tone === "bad" ? <ShieldX aria-hidden="true" className="text-bad" /> : <Globe aria-hidden="true" />;
  if (kind === "snapshot") return <Archive aria-hidden="true" className={tone === "bad" ? "text-bad" : undefined} />;
  if (kind === "program") return <SquareCode aria-hidden="true" className={tone === "bad" ? "text-bad" : undefined} />;
  if (kind === "network") return <Settings2 aria-hidden="true" />;
  return kind === "lifecycle" ? <Monitor aria-hidden="true" /> : <Activity aria-hidden="true" />;
}

const timeOf = (at: number): string =>
  new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const dayOf = (at: number): string =>
  new Date(at).toLocaleDateString([], { weekday: "long", month: "long", day: "numeric" });

interface RowProps {
  readonly row: ActivityRow;
  readonly network: UseThreadNetwork;
}

function Row({ row: { kind, tone, text, more, at, refusedHost }, network }: RowProps) {
  return (
    <li className="activity-row">
      <Icon kind={kind} tone={tone} />
      <div className="min-w-0 flex-1">
        <p className="break-words">{text}</p>
        {more.length === 0 ? null : <p className="text-ink-muted text-xs">{more.join(" · ")}</p>}
        {refusedHost === undefined ? null : <AllowHost host={refusedHost} network={network} />}
      </div>
      {tone === "bad" ? <Dot tone="bad" /> : null}
      <time dateTime={new Date(at).toISOString()} className="shrink-0 text-ink-muted text-xs tabular">
        {timeOf(at)}
      </time>
    </li>
  );
}

const byDay = (rows: readonly ActivityRow[]): ReadonlyMap<string, readonly ActivityRow[]> => {
  const days = new Map<string, ActivityRow[]>();
  for (const row of rows) {
    const day = dayOf(row.at);
    days.set(day, [...(days.get(day) ?? []), row]);
  }
  return days;
};

interface EntriesProps {
  readonly threadId: string;
  readonly filter: Filter;
  readonly network: UseThreadNetwork;
}

function Entries({ threadId, filter, network }: EntriesProps) {
  const { isAuthenticated } = useConvexAuth();
  const isOnline = useOnline();
  const wish = { threadId, ...(filter === "all" ? {} : { kind: filter }) };
  const { results, status, loadMore } = usePaginatedQuery(api.journal.list, isAuthenticated ? wish : "skip", {
    initialNumItems: pageSize,
  });
  if (status === "LoadingFirstPage")
    return isOnline ? (
      <PanelWord icon={<LoaderCircle className="animate-turn" />}>
        <p role="status">{activityTexts.loading}</p>
      </PanelWord>
    ) : (
      <PanelWord icon={<WifiOff />}>{activityTexts.offline}</PanelWord>
    );
  if (results.length === 0)
    return (
      <PanelWord icon={<Activity />}>{filter === "all" ? activityTexts.none : activityTexts.noneOfKind}</PanelWord>
    );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without focus the keyboard could not scroll it
    <section className="activity-list" tabIndex={0} aria-label={activityTexts.list}>
      {[...byDay(results.map(activityRow))].map(([day, rows]) => (
        <section key={day} aria-label={day}>
          <h2 className="activity-day">{day}</h2>
          <ul>
            {rows.map((row) => (
              <Row key={row.id} row={row} network={network} />
            ))}
          </ul>
        </section>
      ))}
      {status === "Exhausted" ? null : (
        <div className="activity-more">
          <Button size="sm" disabled={status === "LoadingMore"} onClick={() => loadMore(pageSize)}>
            {activityTexts.more}
          </Button>
        </div>
      )}
    </section>
  );
}

export interface ActivityViewProps {
  readonly threadId: string;
  /** False while something else is in front. */
  readonly isShown: boolean;
}

/** What runs on the thread's computer now, and what happened there, live, the latest first. */
export function ActivityView({ threadId, isShown }: ActivityViewProps) {
  const [filter, setFilter] = useState<Filter>("all");
  const isOnline = useOnline();
  const isRunning = isUp(useSandbox(threadId));
  const [isSetting, setIsSetting] = useState(false);
  const network = useThreadNetwork(threadId);
  return (
    <>
      <UnaskedPrograms threadId={threadId} isShown={isShown} />
      <RunningNow threadId={threadId} isWanted={isShown && isOnline && isRunning} />
      <div className="activity-head">
        <fieldset className="activity-filter">
          <legend className="sr-only">{activityTexts.filter}</legend>
          {filters.map((each) => (
            <Button
              key={each}
              size="sm"
              tone={each === filter ? "plain" : "quiet"}
              aria-pressed={each === filter}
              onClick={() => setFilter(each)}
            >
              {activityTexts.filters[each]}
            </Button>
          ))}
        </fieldset>
        <Button size="sm" aria-haspopup="dialog" aria-label={networkTexts.open} onClick={() => setIsSetting(true)}>
          <Settings2 />
          <span className="activity-word">{networkTexts.title}</span>
        </Button>
      </div>
      {filter === "program" ? <ProgramRuns threadId={threadId} isShown={isShown} /> : null}
      <Entries key={filter} threadId={threadId} filter={filter} network={network} />
      <NetworkDialog isOpen={isSetting} onClose={() => setIsSetting(false)} network={network} />
    </>
  );
}
