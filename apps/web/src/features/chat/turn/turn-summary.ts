import type { ChatMessage } from "../thread/message-view.ts";
import { type ToolView, toolView } from "../tools/tool-view.ts";

/** What a turn came to, for the line at its end. */
export interface TurnSummary {
  readonly steps: number;
  readonly failed: number;
  /** Different files that were written or edited. */
  readonly files: number;
  /** What the model has read and written. */
  readonly tokens: number;
}

const toolViews = ({ parts }: Pick<ChatMessage, "parts">): readonly ToolView[] =>
  parts.flatMap((part) =>
    "toolCallId" in part
      ? [
          toolView({
            toolName: part.type === "dynamic-tool" ? part.toolName : part.type.replace(/^tool-/, ""),
            input: part.input,
            output: part.output,
            errorText: part.state === "output-error" ? part.errorText : undefined,
            turn: "over",
          }),
        ]
      : [],
  );

export const turnSummary = (message: Pick<ChatMessage, "parts" | "metadata">): TurnSummary => {
  const views = toolViews(message);
  return {
    steps: views.length,
    failed: views.filter(({ state }) => state === "failed").length,
    files: new Set(views.flatMap(({ files }) => files.map(({ path }) => path))).size,
    tokens: message.metadata?.tokens ?? 0,
  };
};

/** How many steps of an answer failed; none of an answer that is not here. */
export const failedSteps = (message: ChatMessage | undefined): number =>
  message === undefined ? 0 : turnSummary(message).failed;
