import type { SecretAudit, SecretAuditRow } from "@threadbox/contracts/secrets";
import { Badge } from "@threadbox/ui/badge";
import { Button } from "@threadbox/ui/button";
import { Notice } from "@threadbox/ui/notice";
import { CircleAlert, ShieldCheck } from "lucide-react";
import { useCallback, useEffect, useState } from "react";
import { WireFailure } from "../errors/index.ts";
import { Ago } from "./ago.tsx";
import { failureText } from "./failure-text.ts";
import type { SecretsApi } from "./secrets-api.ts";
import { shortId } from "./standing.ts";
import { secretTexts, secretAuditTexts as texts } from "./texts.ts";

const actorText = (actor: string): string => {
  const [kind, threadId = ""] = actor.split(":");
  if (actor === "vault") return texts.vault;
  if (kind !== "gateway" && kind !== "egress" && kind !== "sandbox") return shortId(actor);
  return `${secretTexts[kind]} (${shortId(threadId)})`;
};

function AuditLine({ row }: { readonly row: SecretAuditRow }) {
  const { at, actor, action, name, version, reason } = row;
  return (
    <li>
      <span className="text-ink-muted">
        <Ago at={at} />
      </span>
      <span>
        <code>{name}</code> {`v${version} ${texts.actions[action]}`} · {actorText(actor)}
        {reason === "" ? "" : ` · ${reason}`}
      </span>
    </li>
  );
}

interface SecretsAuditProps {
  readonly api: SecretsApi;
  /** Changes whenever there may be news. */
  readonly news: unknown;
}

/** Who did what, and whether anybody has changed what was written down. */
export function SecretsAudit({ api, news }: SecretsAuditProps) {
  const [audit, setAudit] = useState<SecretAudit | null>(null);
  const [failure, setFailure] = useState<WireFailure | null>(null);
  const read = useCallback(
    async (before: number | null, isWanted: () => boolean = () => true) => {
      try {
        const page = await api.audit(before);
        if (!isWanted()) return;
        setFailure(null);
        setAudit((known) => (before === null ? page : { ...page, rows: [...(known?.rows ?? []), ...page.rows] }));
      } catch (error) {
        if (isWanted()) setFailure(error instanceof WireFailure ? error : new WireFailure("Internal", ""));
      }
    },
    [api],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: news is why the audit is read again
  useEffect(() => {
    let isGone = false;
    void read(null, () => !isGone);
    return () => {
      isGone = true;
    };
  }, [read, news]);
  const brokenAt = audit?.chain.brokenAt ?? null;
  return (
    <section className="mt-8" aria-label={texts.title}>
      <div className="mb-2 flex items-center gap-2">
        <h2 className="font-semibold">{texts.title}</h2>
        {audit === null ? null : brokenAt === null ? (
          <span title={texts.verifiedHint}>
            <Badge tone="good">
              <ShieldCheck aria-hidden="true" /> {texts.verified}
            </Badge>
          </span>
        ) : (
          <Badge tone="bad">
            <CircleAlert aria-hidden="true" /> {`${texts.broken} ${brokenAt}`}
          </Badge>
        )}
      </div>
      {failure === null ? null : (
        <Notice tone="bad" role="alert" icon={<CircleAlert />}>
          {failureText(failure)}
        </Notice>
      )}
      {audit === null ? null : audit.rows.length === 0 ? (
        <p className="text-ink-muted">{texts.empty}</p>
      ) : (
        <ul className="secrets-audit rounded-lg border bg-raised">
          {audit.rows.map((row) => (
            <AuditLine key={row.sequence} row={row} />
          ))}
        </ul>
      )}
      {audit === null || audit.before === null ? null : (
        <Button tone="quiet" className="mt-2" onClick={() => void read(audit.before)}>
          {texts.more}
        </Button>
      )}
    </section>
  );
}
