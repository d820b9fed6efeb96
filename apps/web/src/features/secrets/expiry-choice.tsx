import { Field } from "../../lib/field.tsx";
import { secretFormTexts as texts } from "./texts.ts";

const dayMs = 86_400_000;

/** When a version ends by itself. The form says it in days; 0: never. */
export function ExpiryChoice() {
  return (
    <Field label={texts.expiry}>
      <select aria-label={texts.expiry} name="expiryDays" defaultValue={0}>
        {texts.expiries.map(([days, words]) => (
          <option key={days} value={days}>
            {words}
          </option>
        ))}
      </select>
    </Field>
  );
}

/** What was chosen, in milliseconds since 1970; null: never. */
export const expiryIn = (fields: FormData, now: number): number | null => {
  const days = Number(fields.get("expiryDays"));
  return days > 0 ? now + days * dayMs : null;
};
