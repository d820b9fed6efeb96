import type { NoticeProps } from "@threadbox/ui/notice";
import { Ban, CircleAlert, CircleCheck, LoaderCircle, TimerOff } from "lucide-react";
import type { ConnectView } from "./connect-view.ts";

type Look = Required<Pick<NoticeProps, "tone" | "icon">>;
type Flow = Extract<ConnectView, { kind: "flow" }>;

const turning = <LoaderCircle className="animate-turn" />;

/** How each state looks beside its words. */
export const cardLooks: Readonly<Record<Flow["state"] | Exclude<ConnectView["kind"], "flow">, Look>> = {
  start: { tone: "neutral", icon: null },
  requesting: { tone: "neutral", icon: turning },
  code: { tone: "accent", icon: turning },
  waiting: { tone: "accent", icon: turning },
  done: { tone: "good", icon: <CircleCheck /> },
  expired: { tone: "neutral", icon: <TimerOff /> },
  denied: { tone: "neutral", icon: <Ban /> },
  failed: { tone: "bad", icon: <CircleAlert /> },
  reauth: { tone: "warn", icon: <CircleAlert /> },
};
