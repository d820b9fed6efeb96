import type { SecretAuditRow } from "@threadbox/contracts/secrets";
import { shortId } from "./standing.ts";
import { secretAuditTexts, secretTexts } from "./texts.ts";

/** Who did it, for people. */
export const actorText = (actor: string): string => {
  const [kind, threadId = ""] = actor.split(":");
  if (actor === "vault") return secretAuditTexts.vault;
  if (kind !== "gateway" && kind !== "egress" && kind !== "sandbox") return shortId(actor);
  return `${secretTexts[kind]} (${shortId(threadId)})`;
};

/** The rows in which every word of the wish is found, in what is shown of them or in the ids behind it. */
export const filterAudit = (rows: readonly SecretAuditRow[], wish: string): readonly SecretAuditRow[] => {
  const words = wish.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return rows;
  return rows.filter(({ name, version, action, actor, reason, scope, requestId }) => {
    const text = [
      name,
      `v${version}`,
      secretAuditTexts.actions[action],
      actor,
      actorText(actor),
      reason,
      scope,
      requestId,
    ]
      .join(" ")
      .toLowerCase();
    return words.every((word) => text.includes(word));
  });
};
