import { tooltip } from "@threadbox/ui/tooltip";
import { useNow } from "../../lib/use-now.ts";
import type { KnownModels } from "./known-models.ts";
import { modelTexts } from "./texts.ts";
import { tightest } from "./usage-view.ts";

const { usage: texts } = modelTexts;
const minuteMs = 60_000;
const fewPercent = 10;

/** How much of the answering login's plan is left, where OpenAI has said so. */
export function PlanLeft({ known: { list, ahead } }: { readonly known: KnownModels }) {
  const now = useNow(minuteMs) + ahead;
  const login = list.logins.find(({ id }) => id === list.answerer.loginId);
  const left = login === undefined ? null : tightest(login.usage, now);
  if (left === null) return null;
  const words = texts.left(left.percent, left.limit);
  return (
    <span
      {...tooltip({ label: `${texts.title}: ${words}` })}
      className={`plan-left flex shrink-0 items-center gap-1.5 text-compact ${left.percent <= fewPercent ? "text-warn" : "text-ink-muted"}`}
    >
      <svg aria-hidden="true" viewBox="0 0 16 16">
        <circle cx="8" cy="8" r="6.5" />
        <circle cx="8" cy="8" r="6.5" pathLength="100" strokeDasharray={`${left.percent} 100`} />
      </svg>
      <span className="plan-left-words">{words}</span>
      <span aria-hidden="true" className="plan-left-short">
        {texts.short(left.percent)}
      </span>
    </span>
  );
}
