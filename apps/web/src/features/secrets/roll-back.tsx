import type { SecretView } from "@threadbox/contracts/secrets";
import { ChangeDialog, type QuestionProps } from "./change-dialog.tsx";
import { wordOf } from "./form-fields.ts";
import { ReasonEntry } from "./reason-entry.tsx";
import type { SecretsApi } from "./secrets-api.ts";
import { secretRotationTexts as texts } from "./texts.ts";

interface RollBackProps extends QuestionProps {
  readonly secret: SecretView;
  /** The older version whose value is wanted again. */
  readonly version: number;
  readonly api: SecretsApi;
  readonly onDone: () => Promise<void>;
}

/** Asks before an older value becomes the newest version. */
export function RollBack({ secret, version, api, onDone, ...question }: RollBackProps) {
  const newest = secret.versions[0]?.version ?? 0;
  const submit = async (fields: FormData) => {
    await api.rollBack(secret.id, { expectedVersion: newest, reason: wordOf(fields, "reason") });
    await onDone();
  };
  return (
    <ChangeDialog
      title={`${texts.rollBack(version)} of ${secret.name}?`}
      description={texts.rollBackNote(version, newest)}
      verb={texts.rollBack(version)}
      isDangerous
      onSubmit={submit}
      {...question}
    >
      <ReasonEntry />
    </ChangeDialog>
  );
}
