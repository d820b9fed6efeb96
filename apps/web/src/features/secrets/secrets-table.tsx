import type { SecretView } from "@threadbox/contracts/secrets";
import { TextField } from "@threadbox/ui/text-field";
import { type RefObject, useRef, useState } from "react";
import { ChangeCheck } from "./change-check.tsx";
import type { QuestionProps } from "./change-dialog.tsx";
import { ChangeHosts } from "./change-hosts.tsx";
import { EndVersion } from "./end-version.tsx";
import { RollBack } from "./roll-back.tsx";
import { RotateSecret } from "./rotate-secret.tsx";
import { type RowWish, SecretRow } from "./secret-row.tsx";
import type { SecretsApi } from "./secrets-api.ts";
import { secretTexts as texts } from "./texts.ts";
import { useDrawnRows } from "./use-drawn-rows.ts";

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

/** From this many on there is a field to search in. */
const filteredFrom = 10;

/** The place of rows that aren't drawn. */
function Gap({ height }: { readonly height: number }) {
  return height <= 0 ? null : (
    <tbody aria-hidden="true">
      <tr style={{ height }} />
    </tbody>
  );
}

/** All secrets, and the one question about one of them that is open. */
export function SecretsTable({ secrets: all, namedHosts, scroller, api, onDone }: SecretsTableProps) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [typed, setTyped] = useState("");
  const box = useRef<HTMLDivElement>(null);
  const word = typed.trim().toUpperCase();
  const secrets = word === "" ? all : all.filter(({ name }) => name.includes(word));
  const { rows, above, below, measure } = useDrawnRows(
    secrets.map(({ id }) => id),
    scroller,
    box,
  );
  const toggle = (id: string) =>
    setOpen((known) => new Set(known.has(id) ? [...known].filter((other) => other !== id) : [...known, id]));
  const secret = all.find(({ id }) => id === asked?.id);
  const ask = (id: string, wish: RowWish) =>
    setAsked((before) => ({ id, wish, isOpen: true, count: (before?.count ?? 0) + 1 }));
  const onClose = () => setAsked((now) => (now === null ? null : { ...now, isOpen: false }));
  const question = { namedHosts, api, onDone, onClose, isOpen: asked?.isOpen ?? false };
  const { columns } = texts;
  return (
    <>
      {all.length < filteredFrom ? null : (
        <div className="mb-3">
          <TextField
            label={texts.filter}
            placeholder={texts.filter}
            type="search"
            value={typed}
            onChange={({ target }) => setTyped(target.value)}
          />
        </div>
      )}
      <div ref={box} className="rounded-lg border bg-raised">
        <table className="secrets-table" aria-label={texts.table} aria-rowcount={secrets.length + 1}>
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
          <Gap height={above} />
          {rows.map(({ index }) => {
            const shown = secrets[index];
            return shown === undefined ? null : (
              <tbody key={shown.id} ref={measure} data-index={index}>
                <SecretRow
                  secret={shown}
                  index={index}
                  isOpen={open.has(shown.id)}
                  onToggle={() => toggle(shown.id)}
                  api={api}
                  onWish={(wish) => ask(shown.id, wish)}
                />
              </tbody>
            );
          })}
          <Gap height={below} />
        </table>
      </div>
      {secrets.length > 0 ? null : <p className="mt-3 text-ink-muted">{texts.nothingFound}</p>}
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
