import type { SecretView } from "@threadbox/contracts/secrets";
import { useNow } from "../../lib/use-now.ts";
import { type Standing, standingOf } from "./standing.ts";

/** How a secret stands, and goes on standing while time passes. */
export const useStanding = (secret: SecretView): Standing => standingOf(secret, useNow(1_000));
