import type { SecretAudit } from "@threadbox/contracts/secrets";
import { Badge } from "@threadbox/ui/badge";
import { Button } from "@threadbox/ui/button";
import { Notice } from "@threadbox/ui/notice";
import { Skeleton } from "@threadbox/ui/skeleton";
import { TextField } from "@threadbox/ui/text-field";
import { CircleAlert, ShieldCheck } from "lucide-react";
import { type RefObject, useCallback, useEffect, useState } from "react";
import { useSettled } from "../../lib/use-settled.ts";
import { asWireFailure, type WireFailure } from "../errors/index.ts";
import { auditColumns } from "./audit-columns.tsx";
import { ExportAudit } from "./export-audit.tsx";
import { failureText } from "./failure-text.ts";
import { ListTable } from "./list-table.tsx";
import type { SecretsApi } from "./secrets-api.ts";
import { secretAuditTexts as texts } from "./texts.ts";

/** Whether anybody has changed what was written down. */
function ChainBadge({ chain }: Pick<SecretAudit, "chain">) {
  return chain.brokenAt === null ? (
    <span title={texts.verifiedHint}>
      <Badge tone="good">
        <ShieldCheck aria-hidden="true" /> {texts.verified}
      </Badge>
    </span>
  ) : (
    <Badge tone="bad">
      <CircleAlert aria-hidden="true" /> {`${texts.broken} ${chain.brokenAt}`}
    </Badge>
  );
}

/** A filter is asked for when nothing was typed for so long, in milliseconds. */
const settledMs = 250;

interface SecretsAuditProps {
  readonly api: SecretsApi;
  /** What the table is scrolled in. */
  readonly scroller: RefObject<HTMLElement | null>;
  /** Changes whenever there may be news. */
  readonly news: unknown;
}

/** Who did what, newest first. */
export function SecretsAudit({ api, scroller, news }: SecretsAuditProps) {
  const [audit, setAudit] = useState<SecretAudit | null>(null);
  const [failure, setFailure] = useState<WireFailure | null>(null);
  const [wish, setWish] = useState("");
  const find = useSettled(wish.trim(), settledMs);
  const read = useCallback(
    async (before: number | null, isWanted: () => boolean = () => true) => {
      try {
        const page = await api.audit(before, find);
        if (!isWanted()) return;
        setFailure(null);
        setAudit((known) => (before === null ? page : { ...page, rows: [...(known?.rows ?? []), ...page.rows] }));
      } catch (error) {
        if (isWanted()) setFailure(asWireFailure(error));
      }
    },
    [api, find],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: news is why the audit is read again
  useEffect(() => {
    let isGone = false;
    void read(null, () => !isGone);
    return () => {
      isGone = true;
    };
  }, [read, news]);
  const found = audit?.rows ?? [];
  const isAll = find === "";
  return (
    <section className="mt-8" aria-label={texts.title}>
      <div className="mb-2 flex flex-wrap items-center gap-2">
        <h2 className="font-semibold">{texts.title}</h2>
        {audit === null ? null : <ChainBadge chain={audit.chain} />}
        {audit === null || (isAll && audit.rows.length === 0) ? null : (
          <div className="secrets-audit-tools">
            <TextField
              label={texts.filter}
              placeholder={texts.filter}
              type="search"
              value={wish}
              onChange={({ target }) => setWish(target.value)}
            />
            <ExportAudit api={api} onFailure={setFailure} />
          </div>
        )}
      </div>
      {failure === null ? null : (
        <Notice
          tone="bad"
          role="alert"
          icon={<CircleAlert />}
          className="mb-2"
          actions={
            <Button size="sm" onClick={() => void read(null)}>
              {texts.retry}
            </Button>
          }
        >
          {failure.tag === "UpstreamTimeout" ? texts.unreachable : failureText(failure)}
        </Notice>
      )}
      {audit === null && failure === null ? <Skeleton className="h-24 w-full" radius="lg" /> : null}
      {audit !== null && found.length === 0 ? (
        <p role="status" className="text-ink-muted">
          {isAll ? texts.empty : audit.before === null ? texts.nothingFound : texts.nothingFoundYet}
        </p>
      ) : null}
      {found.length === 0 ? null : (
        <ListTable
          name="secrets-audit"
          label={texts.title}
          columns={auditColumns}
          rows={found}
          rowId={({ sequence }) => `row-${sequence}`}
          isSortable={false}
          scroller={scroller}
        />
      )}
      {audit === null || audit.before === null ? null : (
        <Button tone="quiet" className="mt-2" onClick={() => void read(audit.before)}>
          {texts.more}
        </Button>
      )}
    </section>
  );
}
