import type { ChangesScope } from "@threadbox/contracts/changes";

/** Which changes are looked at: those of a scope, or what one turn changed. */
export type AskedChanges = { readonly scope: ChangesScope } | { readonly turnId: string };

export const openChanges: AskedChanges = { scope: "open" };

/** As the value of a choice; `askedOf` reads it. */
export const askedKey = (asked: AskedChanges): string => ("turnId" in asked ? `turn ${asked.turnId}` : asked.scope);

export const askedOf = (key: string): AskedChanges =>
  key.startsWith("turn ") ? { turnId: key.slice("turn ".length) } : { scope: key === "all" ? "all" : "open" };
