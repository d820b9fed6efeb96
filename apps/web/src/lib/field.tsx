import { TextField, type TextFieldProps } from "@threadbox/ui/text-field";
import type { ReactNode } from "react";
import "./field.css";

interface FieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly children: ReactNode;
}

/** A field with its name above it and one line about it below. */
export function Field({ label, hint, children }: FieldProps) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the child
    <label className="field">
      <span>{label}</span>
      {children}
      {hint === undefined ? null : <small>{hint}</small>}
    </label>
  );
}

export interface TextEntryProps extends TextFieldProps {
  readonly hint?: string;
}

export function TextEntry({ hint, ...rest }: TextEntryProps) {
  return (
    <Field label={rest.label} {...(hint === undefined ? {} : { hint })}>
      <TextField autoComplete="off" spellCheck={false} title={hint} {...rest} />
    </Field>
  );
}

/** Where a secret value is typed or pasted. The page keeps no copy: the form reads it from here when it is sent. */
export function ValueEntry(props: TextEntryProps) {
  return (
    <TextEntry
      name="value"
      type="password"
      autoComplete="new-password"
      data-1p-ignore=""
      data-lpignore="true"
      required
      {...props}
    />
  );
}
