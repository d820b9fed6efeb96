import type { ChatMessage } from "./message-view.ts";
import { turnTexts } from "./texts.ts";
import { turnSummary } from "./turn-summary.ts";

/** What an answer's tools came to, ahead of the time it took; nothing of an answer that used none. */
export function TurnSteps({ message }: { readonly message: ChatMessage }) {
  const summary = turnTexts.summary(turnSummary(message));
  return summary === "" ? null : `${summary} · `;
}
