import { createFileRoute } from "@tanstack/react-router";
import { NewThreadPage } from "../../features/chat/index.ts";

export const Route = createFileRoute("/_app/")({
  head: () => ({ meta: [{ title: "New thread · Threadbox" }] }),
  component: NewThreadPage,
});
