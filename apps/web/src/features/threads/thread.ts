import type { api } from "@threadbox/convex/_generated/api";
import type { FunctionReturnType } from "convex/server";
import { threadTexts } from "./texts.ts";

/** A thread as Convex shows it to its owner. */
export type Thread = FunctionReturnType<typeof api.threads.get>;

export const threadTitle = ({ title }: Pick<Thread, "title">): string => (title === "" ? threadTexts.untitled : title);

/** What the list says beside a title, if anything. */
export type ThreadMark = "running" | "waiting" | "failed" | "unread" | null;

export const threadMark = ({ activity, isUnread }: Pick<Thread, "activity" | "isUnread">): ThreadMark => {
  if (activity === "queued" || activity === "running") return "running";
  if (activity === "waiting") return activity;
  if (!isUnread) return null;
  return activity === "failed" ? "failed" : "unread";
};
