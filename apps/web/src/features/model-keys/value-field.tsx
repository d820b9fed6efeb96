import { modelKeyLimits } from "@threadbox/contracts/model-key-limits";
import { ValueEntry } from "../../lib/field.tsx";
import { modelKeyTexts as texts } from "./texts.ts";

export function ValueField() {
  return <ValueEntry label={texts.value} hint={texts.valueHint} maxLength={modelKeyLimits.valueLengthMax} />;
}

export const textOf = (fields: FormData, name: string): string => String(fields.get(name) ?? "").trim();
