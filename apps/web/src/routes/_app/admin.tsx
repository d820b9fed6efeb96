import { createFileRoute } from "@tanstack/react-router";
import { AdminPage } from "../../features/secrets/index.ts";

export const Route = createFileRoute("/_app/admin")({
  codeSplitGroupings: [["component"]],
  head: () => ({ meta: [{ title: "Secrets · Threadbox" }] }),
  component: AdminPage,
});
