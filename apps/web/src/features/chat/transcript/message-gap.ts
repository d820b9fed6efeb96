import type { ChatMessage } from "../thread/message-view.ts";

type Author = ChatMessage["role"];

/**
 * The room above a message: an answer stands nearer to its question than the next question to it, and each gap holds the
 * buttons of the message above with air on both sides. Padding, so that a row's height tells all the room it takes.
 */
export const gapAbove = (author: Author, above: Author | undefined): string => {
  if (above === undefined) return "";
  if (author !== "user") return "pt-10 pointer-coarse:pt-12";
  return above === "user" ? "pt-8" : "pt-14";
};
