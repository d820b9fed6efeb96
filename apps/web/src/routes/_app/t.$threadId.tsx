import { createFileRoute } from "@tanstack/react-router";
import { ThreadPage } from "../../features/chat/index.ts";

export const Route = createFileRoute("/_app/t/$threadId")({
  // `?panel=opencode` is where the worker sends a browser that asks for a thread's OpenCode.
  validateSearch: ({ panel }: Record<string, unknown>): { panel?: "opencode" } =>
    panel === "opencode" ? { panel } : {},
  codeSplitGroupings: [["component"]],
  component: function Thread() {
    const { threadId } = Route.useParams();
    const { panel } = Route.useSearch();
    return <ThreadPage key={threadId} threadId={threadId} isPanelAskedFor={panel === "opencode"} />;
  },
});
