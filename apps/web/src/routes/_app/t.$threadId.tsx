import { createFileRoute } from "@tanstack/react-router";
import { useEffect } from "react";
import { ThreadPage } from "../../features/chat/index.ts";

export const Route = createFileRoute("/_app/t/$threadId")({
  // `?panel=opencode` is where the worker sends a browser that asks for a thread's OpenCode.
  validateSearch: ({ panel }: Record<string, unknown>): { panel?: "opencode" } =>
    panel === "opencode" ? { panel } : {},
  codeSplitGroupings: [["component"]],
  component: function Thread() {
    const { threadId } = Route.useParams();
    const { panel } = Route.useSearch();
    const navigate = Route.useNavigate();
    // Once it is open it is closed by hand, also over a reload.
    useEffect(() => {
      if (panel !== undefined) void navigate({ search: {}, hash: true, replace: true });
    }, [panel, navigate]);
    return <ThreadPage key={threadId} threadId={threadId} isPanelAskedFor={panel === "opencode"} />;
  },
});
