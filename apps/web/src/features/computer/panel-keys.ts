/** Under which names this device remembers a thread's panel: whether it stands open, and the tab in front. */
export const openKey = (threadId: string) => `threadbox.panel.${threadId}`;
export const tabKey = (threadId: string) => `threadbox.panel-tab.${threadId}`;
