import type { ChatMessage } from "../thread/message-view.ts";

const lineChars = 72;
/** A line of text, a line of a person's message, a closed card, and the gap above a message. */
const px = { line: 28, userLine: 24, userPadding: 20, card: 46, gap: 44, picture: 176, file: 56 } as const;

const linesOf = (text: string, chars: number): number => {
  let lines = 0;
  for (const line of text.split("\n")) lines += Math.max(1, Math.ceil(line.length / chars));
  return lines;
};

/** About how many pixels a message takes that was never drawn; what is drawn is measured. */
export const estimatedHeight = ({ role, parts }: Pick<ChatMessage, "role" | "parts">): number => {
  let height: number = px.gap;
  for (const part of parts) {
    if (part.type === "text" && role === "user")
      height += px.userPadding + linesOf(part.text, lineChars * 0.8) * px.userLine;
    else if (part.type === "text") height += linesOf(part.text, lineChars) * px.line;
    else if ("toolCallId" in part) height += px.card;
    else if (part.type === "file") height += part.mediaType.startsWith("image/") ? px.picture : px.file;
    else if (part.type === "reasoning") height += px.line;
  }
  return height;
};
