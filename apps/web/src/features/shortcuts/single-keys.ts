import { recall, remember } from "../../lib/device-memory.ts";

const storageKey = "threadbox.single-keys";

/** Whether keys without a modifier do commands on this device. */
export const hasSingleKeys = (): boolean => recall(storageKey) !== "off";

export const setSingleKeys = (isOn: boolean): void => remember(storageKey, isOn ? "on" : "off");
