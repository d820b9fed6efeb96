import { createFileRoute } from "@tanstack/react-router";
import { answerThreadToken } from "../../../server/thread-token/answer.ts";

export const Route = createFileRoute("/api/thread-token")({
  server: { handlers: { POST: answerThreadToken } },
});
