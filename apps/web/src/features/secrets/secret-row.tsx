import type { SecretView } from "@threadbox/contracts/secrets";
import { Badge } from "@threadbox/ui/badge";
import { Button } from "@threadbox/ui/button";
import { useId } from "react";
import { useNow } from "../../lib/use-now.ts";
import { Ago } from "./ago.tsx";
import { type DetailWish, SecretDetails, stateTones } from "./secret-details.tsx";
import type { SecretsApi } from "./secrets-api.ts";
import { dueText, shortId, spreadText, standingOf } from "./standing.ts";
import { secretTexts as texts } from "./texts.ts";

/** What can be asked about one secret. */
export type RowWish = { readonly how: "rotate" | "check" | "hosts" } | DetailWish;

interface SecretRowProps {
  readonly secret: SecretView;
  /** Its place in the table, from 0. */
  readonly index: number;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
  readonly api: SecretsApi;
  readonly onWish: (wish: RowWish) => void;
}

export const columnCount = 7;

const scopeText = (scope: SecretView["scope"]): string => {
  if (scope.kind === "all") return texts.everyThread;
  return scope.kind === "user"
    ? `${texts.user} ${shortId(scope.userId)}`
    : `${texts.thread} ${shortId(scope.threadId)}`;
};

/** One secret, and behind its name everything that is known of it. */
export function SecretRow({ secret, index, isOpen, onToggle, api, onWish }: SecretRowProps) {
  const now = useNow(1_000);
  const details = useId();
  const standing = standingOf(secret, now);
  const { scope, name, usage, versions } = secret;
  const { columns } = texts;
  return (
    <>
      <tr aria-rowindex={index + 2}>
        <td>
          <button
            type="button"
            className="secrets-name"
            aria-expanded={isOpen}
            aria-controls={isOpen ? details : undefined}
            onClick={onToggle}
          >
            <span aria-hidden="true" className="secrets-chevron" />
            {name}
          </button>
        </td>
        <td data-label={columns.scope} className="secrets-short">
          {scopeText(scope)}
        </td>
        <td data-label={columns.usage} className="secrets-short">
          {texts.users[usage]}
        </td>
        <td data-label={columns.version}>
          <div className="secrets-badges">
            <Badge tone={stateTones[standing.state]}>
              {`v${standing.current ?? standing.newest} · ${texts.states[standing.state]}`}
            </Badge>
            {standing.checking === null || standing.current === null ? null : (
              <Badge tone="warn">{`v${standing.checking} · ${texts.states.checking}`}</Badge>
            )}
            {standing.due === null ? null : <Badge tone="warn">{dueText(standing.due)}</Badge>}
          </div>
        </td>
        <td data-label={columns.changed} className="secrets-short">
          <Ago at={versions[0]?.createdAt ?? secret.createdAt} />
        </td>
        <td data-label={columns.holders} className="tabular secrets-spread">
          {spreadText(standing)}
        </td>
        <td>
          <div className="secrets-actions">
            <Button
              size="sm"
              disabled={standing.checking !== null}
              onClick={() => onWish({ how: "rotate" })}
              aria-label={`${texts.rotate} ${name}`}
            >
              {texts.rotate}
            </Button>
            {standing.current === null ? null : (
              <Button
                size="sm"
                onClick={() => onWish({ how: "revoke", version: standing.current ?? 0 })}
                aria-label={`${texts.revoke} ${name}`}
              >
                {texts.revoke}
              </Button>
            )}
          </div>
        </td>
      </tr>
      {isOpen ? (
        <tr className="secrets-more-row" id={details}>
          <td colSpan={columnCount} className="secrets-more">
            <SecretDetails secret={secret} standing={standing} api={api} onWish={onWish} />
          </td>
        </tr>
      ) : null}
    </>
  );
}
