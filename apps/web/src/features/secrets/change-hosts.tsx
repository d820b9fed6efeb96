import type { SecretView } from "@threadbox/contracts/secrets";
import { TextEntry } from "../../lib/field.tsx";
import { ChangeDialog, type QuestionProps } from "./change-dialog.tsx";
import { wordOf } from "./form-fields.ts";
import { hostsIn } from "./hosts-in.ts";
import { ReasonEntry } from "./reason-entry.tsx";
import type { SecretsApi } from "./secrets-api.ts";
import { secretFormTexts as formTexts, secretHostsTexts as texts } from "./texts.ts";

interface ChangeHostsProps extends QuestionProps {
  readonly secret: SecretView;
  readonly namedHosts: readonly string[];
  readonly api: SecretsApi;
  readonly onDone: () => Promise<void>;
}

/** Asks where a secret may be sent. The worker judges what was typed, and says what is wrong with it. */
export function ChangeHosts({ secret, namedHosts, api, onDone, ...question }: ChangeHostsProps) {
  const { id, name, usage, hosts } = secret;
  const isEgress = usage === "egress";
  const submit = async (fields: FormData) => {
    await api.setHosts(id, {
      hosts: hostsIn(fields, namedHosts),
      expectedHosts: hosts,
      reason: wordOf(fields, "reason"),
    });
    await onDone();
  };
  return (
    <ChangeDialog
      title={texts.title(name)}
      description={isEgress ? texts.lead : texts.leadInternal}
      verb={formTexts.save}
      onSubmit={submit}
      {...question}
    >
      <TextEntry
        label={formTexts.hosts}
        hint={isEgress ? formTexts.hostsHint : formTexts.hostsToCheck}
        name="hosts"
        defaultValue={hosts.join(" ")}
        required={isEgress}
      />
      <ReasonEntry />
    </ChangeDialog>
  );
}
