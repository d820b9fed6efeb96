import { shortId } from "./standing.ts";
import { secretAuditTexts, secretTexts } from "./texts.ts";

/** Who did it, for people. */
export const actorText = (actor: string): string => {
  const [kind, threadId = ""] = actor.split(":");
  if (actor === "vault") return secretAuditTexts.vault;
  if (kind !== "gateway" && kind !== "egress" && kind !== "sandbox") return shortId(actor);
  return `${secretTexts[kind]} (${shortId(threadId)})`;
};
