import { createFileRoute } from "@tanstack/react-router";
import { ThreadPage } from "../../features/chat/index.ts";

export const Route = createFileRoute("/_app/t/$threadId")({
  codeSplitGroupings: [["component"]],
  component: function Thread() {
    const { threadId } = Route.useParams();
    return <ThreadPage key={threadId} threadId={threadId} />;
  },
});
