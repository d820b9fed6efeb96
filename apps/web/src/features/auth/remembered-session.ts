import { recall, remember } from "../../lib/device-memory.ts";

const key = "threadbox.signed-in";

/** Whether somebody was signed in here and has not signed out: no proof of anything, and no secret. */
export const isSessionRemembered = (): boolean => recall(key) !== null;
export const rememberSession = (): void => remember(key, "yes");
export const forgetSession = (): void => remember(key, null);
