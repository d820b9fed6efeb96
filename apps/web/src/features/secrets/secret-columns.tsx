import type { SecretView } from "@threadbox/contracts/secrets";
import { Badge } from "@threadbox/ui/badge";
import { Button } from "@threadbox/ui/button";
import { Ago } from "./ago.tsx";
import type { ListColumn } from "./list-columns.ts";
import type { DetailWish } from "./secret-details.tsx";
import { stateTones } from "./secret-versions.tsx";
import { dueText, shortId, spreadText } from "./standing.ts";
import { secretTexts as texts } from "./texts.ts";
import { useStanding } from "./use-standing.ts";

/** What can be asked about one secret. */
export type RowWish = { readonly how: "rotate" | "check" | "hosts" } | DetailWish;

interface OfSecret {
  readonly secret: SecretView;
}

const scopeText = (scope: SecretView["scope"]): string => {
  if (scope.kind === "all") return texts.everyThread;
  return scope.kind === "user"
    ? `${texts.user} ${shortId(scope.userId)}`
    : `${texts.thread} ${shortId(scope.threadId)}`;
};

/** Its version, and what calls for a new one. */
function VersionBadges({ secret }: OfSecret) {
  const standing = useStanding(secret);
  return (
    <div className="secrets-badges">
      <Badge tone={stateTones[standing.state]}>
        {`v${standing.current ?? standing.newest} · ${texts.states[standing.state]}`}
      </Badge>
      {standing.checking === null || standing.current === null ? null : (
        <Badge tone="warn">{`v${standing.checking} · ${texts.states.checking}`}</Badge>
      )}
      {standing.due === null ? null : <Badge tone="warn">{dueText(standing.due)}</Badge>}
    </div>
  );
}

function Spread({ secret }: OfSecret) {
  return <>{spreadText(useStanding(secret))}</>;
}

const changedAt = ({ versions, createdAt }: SecretView): number => versions[0]?.createdAt ?? createdAt;
const newest = ({ versions }: SecretView): number => versions[0]?.version ?? 0;
const stateOf = ({ versions }: SecretView): string => versions.map(({ state }) => texts.states[state]).join(" ");

const { columns: labels } = texts;

/** What both lists tell of a secret. */
export const sharedColumns = {
  usage: {
    id: "usage",
    label: labels.usage,
    value: ({ usage }) => texts.users[usage],
    words: ({ usage }) => texts.users[usage],
    cell: ({ usage }) => texts.users[usage],
    className: "secrets-short",
  },
  hosts: {
    id: "hosts",
    label: texts.hosts,
    value: ({ hosts }) => hosts.join(" "),
    words: ({ hosts }) => hosts.join(" "),
    cell: ({ hosts }) => hosts.join(", "),
    className: "secrets-hosts",
  },
  version: {
    id: "version",
    label: labels.version,
    value: newest,
    words: stateOf,
    cell: (secret) => <VersionBadges secret={secret} />,
  },
  changed: {
    id: "changed",
    label: labels.changed,
    value: changedAt,
    cell: (secret) => <Ago at={changedAt(secret)} />,
    className: "secrets-short",
  },
  holders: {
    id: "holders",
    label: labels.holders,
    value: ({ holders }) => holders.length,
    cell: (secret) => <Spread secret={secret} />,
    className: "tabular secrets-spread",
  },
} satisfies Record<string, ListColumn<SecretView>>;

export const secretColumns: readonly ListColumn<SecretView>[] = [
  {
    id: "name",
    label: labels.name,
    value: ({ name }) => name,
    words: ({ name }) => name,
    cell: ({ name }) => name,
    isFixed: true,
  },
  {
    id: "scope",
    label: labels.scope,
    value: ({ scope }) => scopeText(scope),
    words: ({ scope }) => `${scopeText(scope)} ${JSON.stringify(scope)}`,
    cell: ({ scope }) => scopeText(scope),
    className: "secrets-short",
  },
  sharedColumns.usage,
  { ...sharedColumns.hosts, isHidden: true },
  sharedColumns.version,
  sharedColumns.changed,
  sharedColumns.holders,
];

interface SecretActionsProps extends OfSecret {
  readonly onWish: (wish: RowWish) => void;
}

export function SecretActions({ secret, onWish }: SecretActionsProps) {
  const { current, checking } = useStanding(secret);
  const { name } = secret;
  return (
    <>
      <Button
        size="sm"
        disabled={checking !== null}
        onClick={() => onWish({ how: "rotate" })}
        aria-label={`${texts.rotate} ${name}`}
      >
        {texts.rotate}
      </Button>
      {current === null ? null : (
        <Button
          size="sm"
          onClick={() => onWish({ how: "revoke", version: current })}
          aria-label={`${texts.revoke} ${name}`}
        >
          {texts.revoke}
        </Button>
      )}
    </>
  );
}
