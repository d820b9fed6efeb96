import { useCallback, useState } from "react";
import { recall, remember } from "../../lib/device-memory.ts";
import { type ComputerTabId, computerTabs } from "./computer-tabs.ts";

const tabKey = (threadId: string) => `threadbox.panel-tab.${threadId}`;

/** The tab with this id; the first one for what is no tab. */
export const tabOf = (id: string | null): ComputerTabId =>
  computerTabs.find((tab) => tab.id === id)?.id ?? computerTabs[0].id;

/** Which tab of the thread's panel is in front; remembered on this device. */
export const usePanelTab = (threadId: string) => {
  const [tab, setTab] = useState(() => tabOf(recall(tabKey(threadId))));
  const show = useCallback(
    (id: ComputerTabId) => {
      remember(tabKey(threadId), id);
      setTab(id);
    },
    [threadId],
  );
  return { tab, show };
};
