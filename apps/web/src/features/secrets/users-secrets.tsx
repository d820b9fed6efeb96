import { Button } from "@threadbox/ui/button";
import { Skeleton } from "@threadbox/ui/skeleton";
import { type RefObject, useState } from "react";
import { FailedNotice } from "../../lib/notices.tsx";
import { BlastRadius } from "./blast-radius.tsx";
import { EndVersion } from "./end-version.tsx";
import { failureText } from "./failure-text.ts";
import { ListTable } from "./list-table.tsx";
import { Holders } from "./secret-holders.tsx";
import { Versions } from "./secret-versions.tsx";
import type { SecretsApi } from "./secrets-api.ts";
import { usersSecretTexts as texts } from "./texts.ts";
import { useStanding } from "./use-standing.ts";
import { useUsersSecrets } from "./use-users-secrets.ts";
import { nameText, type OwnedSecret, ownerText, usersColumns } from "./users-columns.tsx";

interface UsersSecretsProps {
  readonly api: SecretsApi;
  /** What the table is scrolled in. */
  readonly scroller: RefObject<HTMLElement | null>;
  /** Changes whenever there may be news. */
  readonly news: unknown;
}

interface OfOne {
  readonly secret: OwnedSecret;
  readonly onRevoke: (version: number) => void;
}

function Details({ secret, api, onRevoke }: OfOne & Pick<UsersSecretsProps, "api">) {
  const { current } = useStanding(secret);
  return (
    <div className="secrets-columns">
      <Versions secret={secret} canDestroy={false} onEnd={({ version }) => onRevoke(version)} />
      <Holders secret={secret} current={current} />
      <BlastRadius secret={secret} api={api} />
    </div>
  );
}

function Revoke({ secret, onRevoke }: OfOne) {
  const { current } = useStanding(secret);
  return current === null ? null : (
    <Button
      size="sm"
      onClick={() => onRevoke(current)}
      aria-label={texts.revokeOf(nameText(secret), ownerText(secret))}
    >
      {texts.revoke}
    </Button>
  );
}

/** What users keep themselves, without any value, and the way to end what has leaked. */
export function UsersSecrets({ api, scroller, news }: UsersSecretsProps) {
  const { secrets, isCut, failure, look } = useUsersSecrets(api, "", news);
  const [asked, setAsked] = useState<{ id: string; version: number; isOpen: boolean; count: number } | null>(null);
  const of = secrets?.find(({ id }) => id === asked?.id);
  const ask = ({ id }: OwnedSecret, version: number) =>
    setAsked((before) => ({ id, version, isOpen: true, count: (before?.count ?? 0) + 1 }));
  return (
    <section aria-labelledby="users-secrets" className="mt-8">
      <h2 id="users-secrets" className="font-semibold">
        {texts.title}
      </h2>
      <p className="mt-1 mb-3 text-ink-muted">{texts.lead}</p>
      {failure === null ? null : (
        <FailedNotice className="mb-3" again={{ label: texts.retry, run: () => void look() }}>
          {failure.tag === "UpstreamTimeout" ? texts.unreachable : failureText(failure)}
        </FailedNotice>
      )}
      {secrets === null && failure === null ? <Skeleton className="h-10 w-full" radius="lg" /> : null}
      {secrets?.length === 0 ? (
        <p className="rounded-lg border bg-raised px-4 py-4 text-ink-muted">{texts.empty}</p>
      ) : null}
      {secrets === null || secrets.length === 0 ? null : (
        <ListTable
          name="users-secrets"
          label={texts.title}
          columns={usersColumns}
          rows={secrets}
          rowId={({ id }) => id}
          scroller={scroller}
          filter={texts.filter}
          details={(secret) => <Details secret={secret} api={api} onRevoke={(version) => ask(secret, version)} />}
          actions={(secret) => <Revoke secret={secret} onRevoke={(version) => ask(secret, version)} />}
        />
      )}
      {isCut ? <p className="mt-3 text-ink-muted">{texts.cut}</p> : null}
      {asked === null || of === undefined ? null : (
        <EndVersion
          key={asked.count}
          secret={of}
          version={asked.version}
          how="revoke"
          title={texts.ask(nameText(of), ownerText(of))}
          note={texts.note}
          api={api}
          onDone={look}
          isOpen={asked.isOpen}
          onClose={() => setAsked({ ...asked, isOpen: false })}
        />
      )}
    </section>
  );
}
