import { type ComponentType, lazy } from "react";
import { panelTexts } from "./panel-texts.ts";
import type { ComputerTabProps } from "./tab-props.ts";

interface ComputerTab {
  readonly id: string;
  readonly label: string;
  /** Comes with its own code, words and looks when it is first shown. */
  readonly Body: ComponentType<ComputerTabProps>;
}

/** What people can work with on the thread's computer, in the order of the tabs. */
export const computerTabs = [
  { id: "opencode", label: panelTexts.openCode, Body: lazy(() => import("./opencode-tab.tsx")) },
  { id: "terminal", label: panelTexts.terminal, Body: lazy(() => import("./terminal/index.ts")) },
  { id: "files", label: panelTexts.files, Body: lazy(() => import("./files-tab.tsx")) },
  { id: "changes", label: panelTexts.changes, Body: lazy(() => import("./changes-tab.tsx")) },
  { id: "history", label: panelTexts.history, Body: lazy(() => import("./history-tab.tsx")) },
  { id: "preview", label: panelTexts.preview, Body: lazy(() => import("./preview-tab.tsx")) },
  { id: "activity", label: panelTexts.activity, Body: lazy(() => import("./activity-tab.tsx")) },
] as const satisfies readonly ComputerTab[];

export type ComputerTabId = (typeof computerTabs)[number]["id"];
