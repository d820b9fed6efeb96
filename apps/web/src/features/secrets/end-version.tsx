import type { SecretView } from "@threadbox/contracts/secrets";
import { ChangeDialog, type QuestionProps } from "./change-dialog.tsx";
import { wordOf } from "./form-fields.ts";
import { ReasonEntry } from "./reason-entry.tsx";
import type { SecretsApi } from "./secrets-api.ts";
import { secretTexts, secretFormTexts as texts } from "./texts.ts";

interface EndVersionProps extends QuestionProps {
  readonly secret: SecretView;
  readonly version: number;
  readonly how: "revoke" | "destroy";
  /** What is asked, where its name and version aren't what people know it by. */
  readonly title?: string;
  /** What else comes of it. */
  readonly note?: string;
  readonly api: SecretsApi;
  readonly onDone: () => Promise<void>;
}

/** Asks before a version is revoked, or what is left of it is destroyed. */
export function EndVersion({ secret, version, how, title, note, api, onDone, ...question }: EndVersionProps) {
  const isRevoked = how === "revoke";
  const submit = async (fields: FormData) => {
    await api[how](secret.id, { version, reason: wordOf(fields, "reason") });
    await onDone();
  };
  const older = version > 1 ? ` ${texts.olderToo}` : "";
  const more = note === undefined ? "" : ` ${note}`;
  return (
    <ChangeDialog
      title={title ?? `${secretTexts[how]} ${secret.name}, version ${version}?`}
      description={isRevoked ? `${texts.revokeNote}${older}${more}` : texts.destroyNote}
      verb={isRevoked ? texts.revokeNow : texts.destroyNow}
      isDangerous
      onSubmit={submit}
      {...question}
    >
      <ReasonEntry />
    </ChangeDialog>
  );
}
