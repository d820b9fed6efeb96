import { createFileRoute } from "@tanstack/react-router";
import { SettingsPage } from "../../features/settings/index.ts";

export const Route = createFileRoute("/_app/settings")({
  codeSplitGroupings: [["component"]],
  head: () => ({ meta: [{ title: "Settings · Threadbox" }] }),
  component: SettingsPage,
});
