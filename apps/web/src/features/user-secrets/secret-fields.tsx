import { TextEntry, ValueEntry } from "../../lib/field.tsx";
import { readSecretHosts } from "../network/index.ts";
import { userSecretTexts as texts } from "./texts.ts";

export function SecretValueField() {
  return <ValueEntry label={texts.value} hint={texts.valueHint} />;
}

export function SecretHostsField({ hosts = [] }: { readonly hosts?: readonly string[] }) {
  return (
    <TextEntry
      label={texts.hosts}
      hint={texts.hostsHint}
      name="hosts"
      inputMode="url"
      defaultValue={hosts.join(" ")}
      required
    />
  );
}

/** A field of a form as text; one that is missing is empty. */
export const textIn = (fields: FormData, name: string): string => String(fields.get(name) ?? "");

/** The hosts that were filled in, or what is wrong with them. */
export const hostsIn = (fields: FormData, named: readonly string[]) => readSecretHosts(textIn(fields, "hosts"), named);
