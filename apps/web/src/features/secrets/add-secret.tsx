import type { SecretScope, SecretUsage } from "@threadbox/contracts/secrets";
import { useState } from "react";
import { Field, TextEntry, ValueEntry } from "../../lib/field.tsx";
import { ChangeDialog, type QuestionProps } from "./change-dialog.tsx";
import { ExpiryChoice, expiryIn } from "./expiry-choice.tsx";
import { textOf, wordOf } from "./form-fields.ts";
import { hostsIn } from "./hosts-in.ts";
import { ReasonEntry } from "./reason-entry.tsx";
import type { SecretsApi } from "./secrets-api.ts";
import { secretTexts, secretFormTexts as texts } from "./texts.ts";

const scopes: readonly SecretScope["kind"][] = ["all", "user", "thread"];
/** What names the user or the thread that a secret is for. */
const idOf = {
  user: { label: texts.userId, hint: texts.userIdHint, name: "userId", pattern: "[A-Za-z0-9_\\-]{1,128}" },
  thread: { label: texts.threadId, hint: texts.threadIdHint, name: "threadId", pattern: "[a-z0-9]{16,64}" },
} as const;
const usages: readonly SecretUsage[] = ["internal", "env", "egress"];

interface AddSecretProps extends QuestionProps {
  readonly api: SecretsApi;
  readonly namedHosts: readonly string[];
  readonly onDone: () => Promise<void>;
}

/** Asks for a new secret. The worker judges what was typed, and says what is wrong with it. */
export function AddSecret({ api, namedHosts, onDone, ...question }: AddSecretProps) {
  const [usage, setUsage] = useState<SecretUsage>("internal");
  const [of, setOf] = useState<SecretScope["kind"]>("all");
  const submit = async (fields: FormData) => {
    const wish = {
      name: wordOf(fields, "name"),
      usage,
      scope: { kind: of, ...(of === "all" ? {} : { [idOf[of].name]: wordOf(fields, idOf[of].name) }) },
      value: textOf(fields, "value"),
      expiresAt: expiryIn(fields, Date.now()),
      reason: wordOf(fields, "reason"),
    };
    await api.create({ ...wish, hosts: hostsIn(fields, namedHosts) });
    await onDone();
  };
  return (
    <ChangeDialog
      title={texts.addTitle}
      description={secretTexts.lead}
      verb={texts.save}
      onSubmit={submit}
      {...question}
    >
      <TextEntry label={texts.name} hint={texts.nameHint} name="name" pattern="[A-Z][A-Z0-9_]{0,63}" required />
      <ValueEntry label={texts.value} hint={texts.valueHint} />
      <Field label={texts.usage} hint={secretTexts.usageHints[usage]}>
        <select aria-label={texts.usage} value={usage} onChange={({ target }) => setUsage(target.value as SecretUsage)}>
          {usages.map((option) => (
            <option key={option} value={option}>
              {secretTexts.usages[option]}
            </option>
          ))}
        </select>
      </Field>
      <TextEntry
        label={texts.hosts}
        hint={usage === "egress" ? texts.hostsHint : texts.hostsToCheck}
        name="hosts"
        required={usage === "egress"}
      />
      <Field label={texts.scope}>
        <select
          aria-label={texts.scope}
          value={of}
          onChange={({ target }) => setOf(target.value as SecretScope["kind"])}
        >
          {scopes.map((option) => (
            <option key={option} value={option}>
              {texts.scopes[option]}
            </option>
          ))}
        </select>
      </Field>
      {of === "all" ? null : <TextEntry key={of} {...idOf[of]} required />}
      <ExpiryChoice />
      <ReasonEntry />
    </ChangeDialog>
  );
}
