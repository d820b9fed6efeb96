import { secretLimits } from "@threadbox/contracts/secret-limits";
import { TextEntry } from "../../lib/field.tsx";
import { secretFormTexts } from "./texts.ts";

/** Why a change is made. */
export function ReasonEntry() {
  return (
    <TextEntry
      label={secretFormTexts.reason}
      hint={secretFormTexts.reasonHint}
      name="reason"
      maxLength={secretLimits.reasonLengthMax}
      required
    />
  );
}
