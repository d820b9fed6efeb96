import type { CommonPolicy } from "@threadbox/contracts/egress-policy";
import { Notice } from "@threadbox/ui/notice";
import { CircleAlert } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Field } from "../../lib/field.tsx";
import { ChangeDialog, type QuestionProps } from "./change-dialog.tsx";
import { textOf } from "./form-fields.ts";
import { policyTexts as texts } from "./policy-texts.ts";
import { readHosts } from "./read-hosts.ts";

interface ChangePolicyProps extends QuestionProps {
  readonly policy: CommonPolicy;
  readonly onSet: (wish: CommonPolicy) => Promise<void>;
}

interface SwitchProps {
  readonly name: string;
  readonly isOn: boolean;
  readonly children: ReactNode;
}

function Switch({ name, isOn, children }: SwitchProps) {
  return (
    <label className="flex min-h-7 items-center gap-2 text-sm pointer-coarse:min-h-11">
      <input type="checkbox" name={name} defaultChecked={isOn} className="size-4 shrink-0 accent-accent" />
      {children}
    </label>
  );
}

/** Asks how the common policy is to be. It replaces the one that is shown, and no other that came meanwhile. */
export function ChangePolicy({ policy, onSet, ...question }: ChangePolicyProps) {
  const [mode, setMode] = useState(policy.mode);
  const [problem, setProblem] = useState<string | null>(null);
  const submit = async (fields: FormData) => {
    const isList = mode === "list";
    const read = isList ? readHosts(textOf(fields, "hosts")) : { rules: policy.hosts };
    setProblem("problem" in read ? read.problem : null);
    if ("problem" in read) return false;
    await onSet({
      mode,
      hasStandardHosts: isList ? fields.has("standard") : policy.hasStandardHosts,
      hosts: read.rules,
      canOwnersAdd: isList ? fields.has("add") : policy.canOwnersAdd,
      revision: policy.revision,
    });
    return true;
  };
  return (
    <ChangeDialog title={texts.ask} description={texts.note} verb={texts.save} onSubmit={submit} {...question}>
      <fieldset className="field">
        <legend className="mb-1 font-medium text-compact">{texts.mode}</legend>
        {(["list", "open"] as const).map((each) => (
          <label key={each} className="flex min-h-7 items-center gap-2 text-sm pointer-coarse:min-h-11">
            <input
              type="radio"
              name="mode"
              className="size-4 shrink-0 accent-accent"
              checked={mode === each}
              onChange={() => setMode(each)}
            />
            {texts.modes[each]}
          </label>
        ))}
      </fieldset>
      {mode === "open" ? null : (
        <>
          <Switch name="standard" isOn={policy.hasStandardHosts}>
            {texts.standard}
          </Switch>
          <Field label={texts.hosts} hint={texts.hostsHint}>
            <textarea
              name="hosts"
              aria-label={texts.hosts}
              className="policy-hosts"
              rows={5}
              spellCheck={false}
              autoCapitalize="none"
              defaultValue={policy.hosts.join("\n")}
            />
          </Field>
          <Switch name="add" isOn={policy.canOwnersAdd}>
            {texts.add}
          </Switch>
        </>
      )}
      {problem === null ? null : (
        <Notice tone="bad" role="alert" icon={<CircleAlert />}>
          {problem}
        </Notice>
      )}
    </ChangeDialog>
  );
}
