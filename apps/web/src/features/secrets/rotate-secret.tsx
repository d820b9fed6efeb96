import type { SecretView } from "@threadbox/contracts/secrets";
import { Notice } from "@threadbox/ui/notice";
import { CircleAlert, CircleCheck } from "lucide-react";
import { useState } from "react";
import { Field, ValueEntry } from "../../lib/field.tsx";
import { useNow } from "../../lib/use-now.ts";
import { ChangeDialog, type QuestionProps } from "./change-dialog.tsx";
import { ExpiryChoice, expiryIn } from "./expiry-choice.tsx";
import { textOf, wordOf } from "./form-fields.ts";
import { overlapIn } from "./overlap.ts";
import { ReasonEntry } from "./reason-entry.tsx";
import { Rollout, type RolloutWishes } from "./rollout.tsx";
import { failedText, rotationStep, stepsBehind } from "./rotation-step.ts";
import type { SecretsApi } from "./secrets-api.ts";
import { standingOf } from "./standing.ts";
import { secretTexts, secretRotationTexts as steps, secretFormTexts as texts } from "./texts.ts";

interface RotateSecretProps extends QuestionProps, RolloutWishes {
  readonly secret: SecretView;
  readonly api: SecretsApi;
  readonly onDone: () => Promise<void>;
}

/**
 * A rotation in its steps: the new value, its check, who has it, and the end of the one before. The first is a form; from
 * then on the vault does it all by itself, and the dialog watches: closing it stops nothing.
 */
export function RotateSecret({ secret, api, onDone, onEnd, onRollBack, ...question }: RotateSecretProps) {
  const [asked, setAsked] = useState<number | null>(null);
  const standing = standingOf(secret, useNow(1_000));
  const step = rotationStep(secret, standing, asked);
  const behind = stepsBehind(step);
  const newest = secret.versions[0]?.version ?? 0;
  const submit = async (fields: FormData): Promise<boolean> => {
    if (step === "failed") {
      setAsked(null);
      return false;
    }
    if (step !== "value") return true;
    await api.rotate(secret.id, {
      value: textOf(fields, "value"),
      reason: wordOf(fields, "reason"),
      expectedVersion: newest,
      ...overlapIn(textOf(fields, "overlap")),
      expiresAt: expiryIn(fields, Date.now()),
    });
    setAsked(newest + 1);
    await onDone();
    return false;
  };
  const verbs = {
    value: secretTexts.rotate,
    check: steps.close,
    failed: steps.again,
    rollout: steps.close,
    done: steps.done,
  } as const;
  return (
    <ChangeDialog
      title={`${secretTexts.rotate} ${secret.name}`}
      description={steps.notes[step]}
      verb={verbs[step]}
      isOver={step !== "value"}
      onSubmit={submit}
      {...question}
    >
      <ol className="secrets-steps" aria-label={steps.title}>
        {steps.steps.map((name, index) => (
          <li key={name} aria-current={index === behind ? "step" : undefined} data-done={index < behind || undefined}>
            {name}
          </li>
        ))}
      </ol>
      {step === "check" ? <p role="status">{steps.checking}</p> : null}
      {step === "failed" ? (
        <Notice tone="bad" role="alert" icon={<CircleAlert />}>
          {failedText(secret, standing, asked)}
        </Notice>
      ) : null}
      {step === "rollout" || step === "done" ? (
        <>
          {secret.versions[0]?.checked ? (
            <p className="secrets-checked">
              <CircleCheck aria-hidden="true" /> {secret.versions[0].checked}
            </p>
          ) : null}
          <Rollout standing={standing} onEnd={onEnd} onRollBack={onRollBack} />
        </>
      ) : null}
      {step === "value" ? (
        <>
          <ValueEntry label={texts.value} hint={texts.valueHint} />
          <ReasonEntry />
          <Field label={texts.overlap}>
            <select aria-label={texts.overlap} name="overlap">
              {texts.overlaps.map(([choice, words]) => (
                <option key={choice} value={choice}>
                  {words}
                </option>
              ))}
            </select>
          </Field>
          <ExpiryChoice />
        </>
      ) : null}
    </ChangeDialog>
  );
}
