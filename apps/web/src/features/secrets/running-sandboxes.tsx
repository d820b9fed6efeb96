import type { ThreadId } from "@threadbox/contracts/ids";
import { api } from "@threadbox/convex/_generated/api";
import { Button } from "@threadbox/ui/button";
import { Skeleton } from "@threadbox/ui/skeleton";
import { useQuery } from "convex/react";
import { useState } from "react";
import { ChangeDialog } from "./change-dialog.tsx";
import { countRestarts } from "./restarts.ts";
import { RunningRow } from "./running-row.tsx";
import { runningTexts as texts } from "./texts.ts";
import { useRestarts } from "./use-restarts.ts";

interface Asked {
  readonly threadIds: readonly ThreadId[];
  readonly working: number;
  readonly isOpen: boolean;
  readonly count: number;
}

/** The sandboxes that run, for who has to restart them: what a program read at its start stays with it until then. */
export function RunningSandboxes() {
  const running = useQuery(api.sandboxes.listRunning, {});
  const { states, begin } = useRestarts();
  const [asked, setAsked] = useState<Asked | null>(null);
  const ask = (sandboxes: NonNullable<typeof running>) =>
    setAsked((before) => ({
      threadIds: sandboxes.map(({ threadId }) => threadId as ThreadId),
      working: sandboxes.filter(({ status }) => status === "busy").length,
      isOpen: true,
      count: (before?.count ?? 0) + 1,
    }));
  const counts = countRestarts(states.values());
  return (
    <section aria-labelledby="running-sandboxes" className="mt-8">
      <div className="mb-3 flex flex-wrap items-center gap-x-6 gap-y-2">
        <div className="min-w-0 flex-1 basis-64">
          <h2 id="running-sandboxes" className="font-semibold">
            {texts.title}
          </h2>
          <p className="mt-1 text-ink-muted">{texts.lead}</p>
        </div>
        <Button
          disabled={running === undefined || running.length === 0 || counts.running > 0}
          onClick={() => ask(running ?? [])}
        >
          {texts.restartAll}
        </Button>
      </div>
      <p role="status" className="mb-2 text-compact text-ink-muted empty:hidden">
        {states.size === 0 ? null : texts.progress(counts)}
      </p>
      {running === undefined ? (
        <Skeleton className="h-10 w-full" radius="lg" />
      ) : running.length === 0 ? (
        <p className="rounded-lg border bg-raised px-4 py-4 text-ink-muted">{texts.none}</p>
      ) : (
        <div className="rounded-lg border bg-raised">
          <table className="secrets-table" aria-labelledby="running-sandboxes">
            <thead>
              <tr>
                {Object.values(texts.columns).map((column) => (
                  <th key={column} scope="col">
                    {column}
                  </th>
                ))}
                <td />
              </tr>
            </thead>
            <tbody>
              {running.map((sandbox) => (
                <RunningRow
                  key={sandbox.threadId}
                  sandbox={sandbox}
                  restart={states.get(sandbox.threadId as ThreadId)}
                  onRestart={() => ask([sandbox])}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {asked === null ? null : (
        <ChangeDialog
          key={asked.count}
          title={texts.ask(asked.threadIds.length)}
          description={texts.consequence}
          verb={texts.restart}
          isDangerous={asked.working > 0}
          isOpen={asked.isOpen}
          onClose={() => setAsked({ ...asked, isOpen: false })}
          onSubmit={() => begin(asked.threadIds)}
        >
          {asked.working === 0 ? null : <p>{texts.interrupts(asked.working)}</p>}
        </ChangeDialog>
      )}
    </section>
  );
}
