import type { LoginView } from "@threadbox/contracts/logins";
import { loginTexts as texts } from "./texts.ts";

const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

const capital = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1);

/** Whose plan it is, since when, and how much of it is used as far as OpenAI has said. */
export function ConnectedLogin({ login }: { readonly login: LoginView }) {
  const { account, plan, connectedAt, lastUsedAt, usage } = login;
  const [limit] = usage;
  const details = [
    plan === null ? null : capital(plan),
    texts.since(day.format(connectedAt)),
    lastUsedAt === null ? null : texts.used(moment.format(lastUsedAt)),
    limit === undefined ? null : texts.usage(Math.round(limit.usedPercent)),
  ];
  return (
    <div className="min-w-0 flex-1 basis-52">
      <p role="status" className="break-words font-medium">
        {texts.connectedAs(account)}
      </p>
      <p className="mt-0.5 text-compact text-ink-muted">{details.filter((detail) => detail !== null).join(" · ")}</p>
    </div>
  );
}
