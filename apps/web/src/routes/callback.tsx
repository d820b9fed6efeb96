import { createFileRoute } from "@tanstack/react-router";
import { CallbackPage } from "../features/auth/index.ts";

export const Route = createFileRoute("/callback")({
  head: () => ({ meta: [{ title: "Signing in · Threadbox" }] }),
  component: CallbackPage,
});
