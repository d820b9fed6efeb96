import type { SecretAuditRow } from "@threadbox/contracts/secrets";
import { actorText } from "./actor-text.ts";
import { Ago } from "./ago.tsx";
import type { ListColumn } from "./list-columns.ts";
import { secretAuditTexts as texts } from "./texts.ts";

const { columns: labels } = texts;
const deedText = ({ version, action }: SecretAuditRow): string => `v${version} ${texts.actions[action]}`;

/** The audit's columns; its order is that of the chain. */
export const auditColumns: readonly ListColumn<SecretAuditRow>[] = [
  {
    id: "at",
    label: labels.at,
    value: ({ at }) => at,
    cell: ({ at }) => <Ago at={at} />,
    className: "secrets-short text-ink-muted",
  },
  { id: "name", label: labels.name, value: ({ name }) => name, cell: ({ name }) => <code>{name}</code>, isFixed: true },
  { id: "deed", label: labels.deed, value: deedText, cell: deedText, isFixed: true },
  { id: "actor", label: labels.actor, value: ({ actor }) => actor, cell: ({ actor }) => actorText(actor) },
  { id: "scope", label: labels.scope, value: ({ scope }) => scope, cell: ({ scope }) => scope, isHidden: true },
  { id: "reason", label: labels.reason, value: ({ reason }) => reason, cell: ({ reason }) => reason },
  {
    id: "request",
    label: labels.request,
    value: ({ requestId }) => requestId,
    cell: ({ requestId }) => <code>{requestId}</code>,
    isHidden: true,
  },
];
