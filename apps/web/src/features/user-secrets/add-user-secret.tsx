import type { UserSecretUsage } from "@threadbox/contracts/user-secrets";
import { Choice } from "@threadbox/ui/choice";
import { useState } from "react";
import { TextEntry } from "../../lib/field.tsx";
import { hostsIn, SecretHostsField, SecretValueField, textIn } from "./secret-fields.tsx";
import { SecretQuestion } from "./secret-question.tsx";
import { userSecretTexts as texts } from "./texts.ts";
import type { Act } from "./user-secrets-api.ts";

const usages: readonly UserSecretUsage[] = ["egress", "env"];
const exampleName = "NAME";

interface AddUserSecretProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly act: Act;
  readonly namedHosts: readonly string[];
}

/** Asks for a new secret. */
export function AddUserSecret({ isOpen, onClose, act, namedHosts }: AddUserSecretProps) {
  const [usage, setUsage] = useState<UserSecretUsage>("egress");
  const [name, setName] = useState("");
  const submit = async (fields: FormData) => {
    const read = usage === "egress" ? hostsIn(fields, namedHosts) : { hosts: [] };
    if ("problem" in read) return read.problem;
    const value = textIn(fields, "value");
    const failure = await act((api) => api.add({ name: name.trim(), usage, hosts: read.hosts, value }));
    if (failure === null) setName("");
    return failure;
  };
  return (
    <SecretQuestion
      isOpen={isOpen}
      onClose={onClose}
      title={texts.addTitle}
      description={texts.addText}
      verb={texts.save}
      onSubmit={submit}
    >
      <TextEntry
        label={texts.name}
        hint={texts.nameHint}
        name="name"
        pattern=" *[A-Z][A-Z0-9_]{0,63} *"
        value={name}
        onChange={({ target }) => setName(target.value)}
        required
      />
      <SecretValueField />
      <div className="grid gap-1">
        <Choice
          label={texts.usage}
          isLabelShown
          options={usages.map((option) => ({ value: option, label: texts.usages[option] }))}
          chosen={usage}
          onChoose={setUsage}
        />
        <p className="text-compact text-ink-muted">{texts.usageHints[usage](name.trim() || exampleName)}</p>
      </div>
      {usage === "egress" ? <SecretHostsField /> : null}
    </SecretQuestion>
  );
}
