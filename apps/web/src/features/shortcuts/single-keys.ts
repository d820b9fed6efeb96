const storageKey = "threadbox.single-keys";

/** Whether keys without a modifier do commands on this device. */
export const hasSingleKeys = (): boolean => localStorage.getItem(storageKey) !== "off";

export const setSingleKeys = (isOn: boolean): void => localStorage.setItem(storageKey, isOn ? "on" : "off");
