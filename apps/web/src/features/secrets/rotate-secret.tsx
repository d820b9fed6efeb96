import type { SecretView } from "@threadbox/contracts/secrets";
import { ChangeDialog, type QuestionProps } from "./change-dialog.tsx";
import { Field, ValueEntry } from "./field.tsx";
import { textOf, wordOf } from "./form-fields.ts";
import { ReasonEntry } from "./reason-entry.tsx";
import type { SecretsApi } from "./secrets-api.ts";
import { secretTexts, secretFormTexts as texts } from "./texts.ts";

interface RotateSecretProps extends QuestionProps {
  readonly secret: SecretView;
  readonly api: SecretsApi;
  readonly onDone: () => Promise<void>;
}

export function RotateSecret({ secret, api, onDone, ...question }: RotateSecretProps) {
  const newest = secret.versions[0]?.version ?? 0;
  const submit = async (fields: FormData) => {
    await api.rotate(secret.id, {
      value: textOf(fields, "value"),
      reason: wordOf(fields, "reason"),
      expectedVersion: newest,
      overlapMinutes: Number(fields.get("overlap")),
    });
    await onDone();
  };
  return (
    <ChangeDialog
      title={`${secretTexts.rotate} ${secret.name}`}
      description={texts.rotateNote}
      verb={secretTexts.rotate}
      onSubmit={submit}
      {...question}
    >
      <ValueEntry />
      <Field label={texts.overlap}>
        <select aria-label={texts.overlap} name="overlap" defaultValue={0}>
          {texts.overlaps.map(([minutes, words]) => (
            <option key={minutes} value={minutes}>
              {words}
            </option>
          ))}
        </select>
      </Field>
      <ReasonEntry />
    </ChangeDialog>
  );
}
