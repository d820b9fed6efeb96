import type { UserSecretView } from "@threadbox/contracts/user-secrets";
import { Badge } from "@threadbox/ui/badge";
import { Button } from "@threadbox/ui/button";
import { userSecretTexts as texts } from "./texts.ts";

const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });

/** What can be asked about one secret. */
export type SecretWish = "replace" | "hosts" | "remove";

interface UserSecretRowProps {
  readonly secret: UserSecretView;
  readonly isOnline: boolean;
  readonly onWish: (wish: SecretWish) => void;
}

/** One secret: who gets it, and what its user can do with it. Nothing of its value is known here. */
export function UserSecretRow({ secret, isOnline, onWish }: UserSecretRowProps) {
  const { name, usage, hosts, lastUsedAt, isUsable, isOwn, ended } = secret;
  const use = lastUsedAt === null ? texts.notUsed : `${texts.used} ${day.format(lastUsedAt)}`;
  return (
    <li className="flex flex-wrap items-start gap-x-6 gap-y-3 px-4 py-4">
      <div className="min-w-0 flex-1 basis-52">
        <div className="flex flex-wrap items-center gap-2">
          <span className="min-w-0 break-words font-medium">{name}</span>
          {isUsable ? null : <Badge tone="bad">{texts.refused}</Badge>}
          {isOwn ? null : <Badge>{texts.byAdmin}</Badge>}
        </div>
        <div className="break-words text-compact text-ink-muted">
          {usage === "egress" ? texts.sentTo(hosts) : texts.readBy} · {use}
        </div>
        {ended === null ? null : (
          <p className="break-words text-bad text-compact">{texts.ended(day.format(ended.at), ended.reason)}</p>
        )}
      </div>
      {isOwn ? (
        <div className="flex flex-wrap gap-2">
          <Button
            tone="quiet"
            disabled={!isOnline}
            onClick={() => onWish("replace")}
            aria-label={texts.replaceOf(name)}
          >
            {texts.replace}
          </Button>
          {usage === "egress" ? (
            <Button tone="quiet" disabled={!isOnline} onClick={() => onWish("hosts")} aria-label={texts.hostsOf(name)}>
              {texts.changeHosts}
            </Button>
          ) : null}
          <Button disabled={!isOnline} onClick={() => onWish("remove")} aria-label={texts.removeOf(name)}>
            {texts.remove}
          </Button>
        </div>
      ) : null}
    </li>
  );
}
