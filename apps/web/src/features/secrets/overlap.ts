import { secretLimits } from "@threadbox/contracts/secret-limits";
import type { RotateSecret } from "@threadbox/contracts/secrets";

/** What was chosen for the version before: minutes, or that it ends once nobody needs it. */
export const overlapIn = (choice: string): Pick<RotateSecret, "overlapMinutes" | "endsWhenAcknowledged"> =>
  choice === "when-had"
    ? { overlapMinutes: secretLimits.overlapMinutesMax, endsWhenAcknowledged: true }
    : { overlapMinutes: Number(choice), endsWhenAcknowledged: false };
