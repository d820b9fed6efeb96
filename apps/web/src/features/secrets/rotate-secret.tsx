import type { SecretView } from "@threadbox/contracts/secrets";
import { useState } from "react";
import { useNow } from "../../lib/use-now.ts";
import { ChangeDialog, type QuestionProps } from "./change-dialog.tsx";
import { ExpiryChoice, expiryIn } from "./expiry-choice.tsx";
import { Field, ValueEntry } from "./field.tsx";
import { textOf, wordOf } from "./form-fields.ts";
import { ReasonEntry } from "./reason-entry.tsx";
import { Rollout } from "./rollout.tsx";
import type { SecretsApi } from "./secrets-api.ts";
import { type Standing, standingOf } from "./standing.ts";
import { secretTexts, secretRotationTexts as steps, secretFormTexts as texts } from "./texts.ts";

interface RotateSecretProps extends QuestionProps {
  readonly secret: SecretView;
  readonly api: SecretsApi;
  readonly onDone: () => Promise<void>;
  readonly onEnd: (version: number) => void;
}

type Step = "value" | "overlap" | "rollout";

/** How many of the steps are behind: the last one when no older version can be used. */
const stepsDone = (step: Step, { overlapping, upToDate, holders }: Standing): number => {
  if (step !== "rollout") return step === "value" ? 0 : 1;
  if (overlapping === null) return steps.steps.length;
  return upToDate === holders ? 3 : 2;
};

/**
 * A rotation in its steps: the new value, how the one before ends and why, who has it, and the end of the one before. The
 * first two are a form; from the third on the vault knows all, so closing the dialog stops nothing.
 */
export function RotateSecret({ secret, api, onDone, onEnd, ...question }: RotateSecretProps) {
  const [step, setStep] = useState<Step>("value");
  const standing = standingOf(secret, useNow(1_000));
  const done = stepsDone(step, standing);
  const newest = secret.versions[0]?.version ?? 0;
  const submit = async (fields: FormData): Promise<boolean> => {
    if (step === "value") {
      setStep("overlap");
      return false;
    }
    if (step === "rollout") return true;
    await api.rotate(secret.id, {
      value: textOf(fields, "value"),
      reason: wordOf(fields, "reason"),
      expectedVersion: newest,
      overlapMinutes: Number(fields.get("overlap")),
      expiresAt: expiryIn(fields, Date.now()),
    });
    setStep("rollout");
    await onDone();
    return false;
  };
  const verbs: Readonly<Record<Step, string>> = {
    value: steps.next,
    overlap: secretTexts.rotate,
    rollout: steps.done,
  };
  return (
    <ChangeDialog
      title={`${secretTexts.rotate} ${secret.name}`}
      description={steps.notes[step]}
      verb={verbs[step]}
      isOver={step === "rollout"}
      onSubmit={submit}
      {...question}
    >
      <ol className="secrets-steps" aria-label={steps.title}>
        {steps.steps.map((name, index) => (
          <li key={name} aria-current={index === done ? "step" : undefined} data-done={index < done || undefined}>
            {name}
          </li>
        ))}
      </ol>
      {step === "rollout" ? (
        <Rollout standing={standing} onEnd={onEnd} />
      ) : (
        <>
          <div hidden={step !== "value"}>
            <ValueEntry />
          </div>
          {step === "overlap" ? (
            <>
              <Field label={texts.overlap}>
                <select aria-label={texts.overlap} name="overlap" defaultValue={0}>
                  {texts.overlaps.map(([minutes, words]) => (
                    <option key={minutes} value={minutes}>
                      {words}
                    </option>
                  ))}
                </select>
              </Field>
              <ExpiryChoice />
              <ReasonEntry />
            </>
          ) : null}
        </>
      )}
    </ChangeDialog>
  );
}
