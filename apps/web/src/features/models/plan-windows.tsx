import { useNow } from "../../lib/use-now.ts";
import { limitName } from "../logins/index.ts";
import type { KnownModels } from "./known-models.ts";
import { modelTexts } from "./texts.ts";
import { leftOf } from "./usage-view.ts";

const { usage: texts } = modelTexts;
const minuteMs = 60_000;
const hours = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
const days = new Intl.DateTimeFormat(undefined, { month: "short", day: "numeric", hour: "numeric", minute: "2-digit" });

/** Today needs no date. */
const moment = (at: number, now: number): string =>
  (new Date(at).toDateString() === new Date(now).toDateString() ? hours : days).format(at);

/** Each limit of the answering login's plan: what is left, when it begins anew, and when OpenAI said so. */
export function PlanWindows({ known: { list, ahead } }: { readonly known: KnownModels }) {
  const now = useNow(minuteMs) + ahead;
  const usage = list.logins.find(({ id }) => id === list.answerer.loginId)?.usage ?? [];
  if (usage.length === 0) return null;
  const saidAt = Math.max(...usage.map(({ at }) => at));
  return (
    <div className="border-t px-3 py-2 text-compact">
      <div className="text-ink-muted text-xs">{texts.title}</div>
      <ul>
        {usage.map((limit) => {
          const left = leftOf(limit, now);
          const name = limitName(limit.windowMinutes);
          const resets = limit.resetsAt === null ? "" : `, ${texts.resets(moment(limit.resetsAt, now))}`;
          return <li key={name}>{left === null ? `${name} ${texts.anew}` : `${texts.left(left, name)}${resets}`}</li>;
        })}
      </ul>
      <div className="text-ink-muted text-xs">{texts.asOf(moment(saidAt, now))}</div>
    </div>
  );
}
