import type { SecretView } from "@threadbox/contracts/secrets";
import { type RefObject, useState } from "react";
import { ChangeCheck } from "./change-check.tsx";
import type { QuestionProps } from "./change-dialog.tsx";
import { ChangeHosts } from "./change-hosts.tsx";
import { EndVersion } from "./end-version.tsx";
import { ListTable } from "./list-table.tsx";
import { RollBack } from "./roll-back.tsx";
import { RotateSecret } from "./rotate-secret.tsx";
import { type RowWish, SecretActions, secretColumns } from "./secret-columns.tsx";
import { SecretDetails } from "./secret-details.tsx";
import type { SecretsApi } from "./secrets-api.ts";
import { secretTexts as texts } from "./texts.ts";
import { useStanding } from "./use-standing.ts";

interface SecretsTableProps {
  readonly secrets: readonly SecretView[];
  readonly namedHosts: readonly string[];
  /** What the table is scrolled in. */
  readonly scroller: RefObject<HTMLElement | null>;
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

type DetailsProps = Pick<QuestionAsked, "secret" | "api" | "onWish">;

function Details(props: DetailsProps) {
  return <SecretDetails {...props} standing={useStanding(props.secret)} />;
}

/** All secrets, and the one question about one of them that is open. */
export function SecretsTable({ secrets, namedHosts, scroller, api, onDone }: SecretsTableProps) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const secret = secrets.find(({ id }) => id === asked?.id);
  const ask = (id: string, wish: RowWish) =>
    setAsked((before) => ({ id, wish, isOpen: true, count: (before?.count ?? 0) + 1 }));
  const onClose = () => setAsked((now) => (now === null ? null : { ...now, isOpen: false }));
  const question = { namedHosts, api, onDone, onClose, isOpen: asked?.isOpen ?? false };
  return (
    <>
      <ListTable
        name="secrets"
        label={texts.table}
        columns={secretColumns}
        rows={secrets}
        rowId={({ id }) => id}
        scroller={scroller}
        filter={texts.filter}
        details={(shown) => <Details secret={shown} api={api} onWish={(wish) => ask(shown.id, wish)} />}
        actions={(shown) => <SecretActions secret={shown} onWish={(wish) => ask(shown.id, wish)} />}
      />
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
