import { createFileRoute } from "@tanstack/react-router";
import { ArchivedPage } from "../../features/threads/index.ts";

export const Route = createFileRoute("/_app/archived")({
  codeSplitGroupings: [["component"]],
  head: () => ({ meta: [{ title: "Archived threads · Threadbox" }] }),
  component: ArchivedPage,
});
