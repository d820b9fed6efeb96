import { shortId } from "./standing.ts";
import { secretAuditTexts, secretTexts } from "./texts.ts";

/** Who did it, for people. */
export const actorText = (actor: string): string => {
  const [kind, threadId = ""] = actor.split(":");
  if (actor === "vault") return secretAuditTexts.vault;
  if (kind !== "gateway" && kind !== "egress" && kind !== "sandbox") return shortId(actor);
  return `${secretTexts[kind]} (${shortId(threadId)})`;
};

/** What the worker is asked to find: the words of the page for a deed are the worker's word for it. */
export const auditWish = (wish: string): string =>
  Object.entries(secretAuditTexts.actions)
    // The longest first: some words are part of others.
    .sort(([, one], [, other]) => other.length - one.length)
    .reduce((text, [action, words]) => text.replaceAll(words, action), wish.toLowerCase().trim());
