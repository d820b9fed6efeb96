import type { UsersSecretView } from "@threadbox/contracts/secrets";
import { Ago } from "./ago.tsx";
import type { ListColumn } from "./list-columns.ts";
import { sharedColumns } from "./secret-columns.tsx";
import { shortId } from "./standing.ts";
import { usersSecretTexts as texts } from "./texts.ts";

/** A user's secret, and who that is, where it's known. */
export interface OwnedSecret extends UsersSecretView {
  readonly owner: { readonly name: string; readonly email: string } | null;
}

const { columns: labels } = texts;

export const userIdOf = ({ scope }: OwnedSecret): string => (scope.kind === "user" ? scope.userId : "");
export const ownerText = (secret: OwnedSecret): string => secret.owner?.name ?? shortId(userIdOf(secret));
/** A key's own name is the user's; the vault knows it by its id alone. */
export const nameText = ({ usage, name }: OwnedSecret): string =>
  usage === "internal" ? `${texts.modelKey} ${shortId(name)}` : name;

export const usersColumns: readonly ListColumn<OwnedSecret>[] = [
  {
    id: "name",
    label: labels.name,
    value: nameText,
    words: (secret) => `${secret.name} ${nameText(secret)}`,
    cell: nameText,
    isFixed: true,
  },
  {
    id: "owner",
    label: labels.owner,
    value: ownerText,
    words: (secret) => `${userIdOf(secret)} ${secret.owner?.name ?? ""} ${secret.owner?.email ?? ""}`,
    cell: (secret) => (
      <span className="min-w-0 break-words" title={secret.owner?.email ?? userIdOf(secret)}>
        {ownerText(secret)}
      </span>
    ),
    isFixed: true,
  },
  sharedColumns.usage,
  sharedColumns.hosts,
  sharedColumns.version,
  { ...sharedColumns.changed, isHidden: true },
  {
    id: "used",
    label: labels.used,
    value: ({ lastUsedAt }) => lastUsedAt ?? 0,
    cell: ({ lastUsedAt }) => (lastUsedAt === null ? texts.notUsed : <Ago at={lastUsedAt} />),
    className: "secrets-short",
  },
  { ...sharedColumns.holders, isHidden: true },
];
