import { ToolCard } from "./tool-card.tsx";
import { type ToolCall, toolView } from "./tool-view.ts";

export interface ToolWorkProps {
  readonly id: string;
  readonly call: ToolCall;
  readonly isOfNewestAnswer: boolean;
}

/** What one tool call did, as a card. */
export function ToolWork({ call, ...card }: ToolWorkProps) {
  return <ToolCard {...card} view={toolView(call)} />;
}
