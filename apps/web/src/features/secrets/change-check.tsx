import type { ProbePlacement, SecretView } from "@threadbox/contracts/secrets";
import { Button } from "@threadbox/ui/button";
import { useState } from "react";
import { Field, TextEntry } from "../../lib/field.tsx";
import { ChangeDialog, type QuestionProps } from "./change-dialog.tsx";
import { wordOf } from "./form-fields.ts";
import type { SecretsApi } from "./secrets-api.ts";
import { secretCheckTexts as texts } from "./texts.ts";

const methods = ["GET", "HEAD", "POST"] as const;
const placements = Object.keys(texts.placements) as readonly ProbePlacement[];

interface ChangeCheckProps extends QuestionProps {
  readonly secret: SecretView;
  readonly api: SecretsApi;
  readonly onDone: () => Promise<void>;
}

/** Asks which request a new value must pass. The worker judges what was typed, and says what is wrong with it. */
export function ChangeCheck({ secret, api, onDone, ...question }: ChangeCheckProps) {
  const { probe, hosts, name } = secret;
  const [placement, setPlacement] = useState<ProbePlacement>(probe?.placement ?? "bearer");
  const submit = async (fields: FormData) => {
    await api.setProbe(secret.id, {
      method: wordOf(fields, "method"),
      url: wordOf(fields, "url"),
      placement,
      placedIn: wordOf(fields, "placedIn"),
      expectedStatus: Number(wordOf(fields, "expectedStatus")),
    });
    await onDone();
  };
  const remove = async () => {
    await api.setProbe(secret.id, null);
    question.onClose();
    await onDone();
  };
  return (
    <ChangeDialog title={texts.title(name)} description={texts.lead} verb={texts.save} onSubmit={submit} {...question}>
      <TextEntry
        label={texts.url}
        hint={`${texts.urlHint} https://${hosts[0]}/.`}
        name="url"
        defaultValue={probe?.url ?? `https://${hosts[0]}/`}
        required
      />
      <Field label={texts.method}>
        <select aria-label={texts.method} name="method" defaultValue={probe?.method ?? "GET"}>
          {methods.map((method) => (
            <option key={method}>{method}</option>
          ))}
        </select>
      </Field>
      <Field label={texts.placement}>
        <select
          aria-label={texts.placement}
          value={placement}
          onChange={({ target }) => setPlacement(target.value as ProbePlacement)}
        >
          {placements.map((place) => (
            <option key={place} value={place}>
              {texts.placements[place]}
            </option>
          ))}
        </select>
      </Field>
      {placement === "bearer" ? null : (
        <TextEntry
          label={texts.placedIn[placement]}
          name="placedIn"
          defaultValue={probe?.placedIn ?? ""}
          pattern="[A-Za-z0-9_.@\-]{1,64}"
          required
        />
      )}
      <TextEntry
        label={texts.status}
        name="expectedStatus"
        inputMode="numeric"
        pattern="[2-5][0-9]{2}"
        defaultValue={String(probe?.expectedStatus ?? 200)}
        required
      />
      {probe === null ? null : (
        <Button size="sm" onClick={() => void remove().catch(() => undefined)}>
          {texts.remove}
        </Button>
      )}
    </ChangeDialog>
  );
}
