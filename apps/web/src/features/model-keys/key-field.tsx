import { modelKeyLimits } from "@threadbox/contracts/model-key-limits";
import { TextField, type TextFieldProps } from "@threadbox/ui/text-field";
import { modelKeyTexts as texts } from "./texts.ts";

/** A field with its name above it and one line about it below. */
export function KeyField({ hint, ...field }: TextFieldProps & { readonly hint: string }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the child
    <label className="grid gap-1 text-sm">
      <span className="font-medium">{field.label}</span>
      <TextField autoComplete="off" spellCheck={false} {...field} />
      <span className="text-compact text-ink-muted">{hint}</span>
    </label>
  );
}

/** Where a key is pasted. The page keeps no copy: the form reads it from here when it is sent. */
export function ValueField() {
  return (
    <KeyField
      label={texts.value}
      hint={texts.valueHint}
      name="value"
      type="password"
      autoComplete="new-password"
      data-1p-ignore=""
      data-lpignore="true"
      maxLength={modelKeyLimits.valueLengthMax}
      required
    />
  );
}

export const textOf = (fields: FormData, name: string): string => String(fields.get(name) ?? "").trim();
