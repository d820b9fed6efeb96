import type { SecretView } from "@threadbox/contracts/secrets";
import { useState } from "react";
import { ChangeCheck } from "./change-check.tsx";
import type { QuestionProps } from "./change-dialog.tsx";
import { ChangeHosts } from "./change-hosts.tsx";
import { EndVersion } from "./end-version.tsx";
import { RollBack } from "./roll-back.tsx";
import { RotateSecret } from "./rotate-secret.tsx";
import { type RowWish, SecretRow } from "./secret-row.tsx";
import type { SecretsApi } from "./secrets-api.ts";
import { secretTexts as texts } from "./texts.ts";

interface SecretsTableProps {
  readonly secrets: readonly SecretView[];
  readonly namedHosts: readonly string[];
  readonly api: SecretsApi;
  readonly onDone: () => Promise<void>;
}

interface Asked {
  readonly id: string;
  readonly wish: RowWish;
  readonly isOpen: boolean;
  /** Each question begins with nothing filled in. */
  readonly count: number;
}

interface QuestionAsked extends QuestionProps {
  readonly wish: RowWish;
  readonly secret: SecretView;
  readonly namedHosts: readonly string[];
  readonly api: SecretsApi;
  readonly onDone: () => Promise<void>;
  readonly onWish: (wish: RowWish) => void;
}

function Question({ wish, onWish, namedHosts, ...question }: QuestionAsked) {
  switch (wish.how) {
    case "rotate":
      return (
        <RotateSecret
          onEnd={(version) => onWish({ how: "revoke", version })}
          onRollBack={(version) => onWish({ how: "rollBack", version })}
          {...question}
        />
      );
    case "check":
      return <ChangeCheck {...question} />;
    case "hosts":
      return <ChangeHosts namedHosts={namedHosts} {...question} />;
    case "rollBack":
      return <RollBack version={wish.version} {...question} />;
    default:
      return <EndVersion version={wish.version} how={wish.how} {...question} />;
  }
}

/** All secrets, and the one question about one of them that is open. */
export function SecretsTable({ secrets, namedHosts, api, onDone }: SecretsTableProps) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const secret = secrets.find(({ id }) => id === asked?.id);
  const ask = (id: string, wish: RowWish) =>
    setAsked((before) => ({ id, wish, isOpen: true, count: (before?.count ?? 0) + 1 }));
  const onClose = () => setAsked((now) => (now === null ? null : { ...now, isOpen: false }));
  const question = { namedHosts, api, onDone, onClose, isOpen: asked?.isOpen ?? false };
  const { columns } = texts;
  return (
    <>
      <div className="rounded-lg border bg-raised">
        <table className="secrets-table" aria-label={texts.table}>
          <thead>
            <tr>
              {Object.values(columns).map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
              <td />
            </tr>
          </thead>
          <tbody>
            {secrets.map((shown) => (
              <SecretRow key={shown.id} secret={shown} api={api} onWish={(wish) => ask(shown.id, wish)} />
            ))}
          </tbody>
        </table>
      </div>
      {asked === null || secret === undefined ? null : (
        <Question
          key={asked.count}
          wish={asked.wish}
          secret={secret}
          onWish={(wish) => ask(secret.id, wish)}
          {...question}
        />
      )}
    </>
  );
}
