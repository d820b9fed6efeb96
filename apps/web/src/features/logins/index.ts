import { lazyOrNothing } from "../../lib/lazy-or-nothing.ts";

export { limitName } from "./usage-text.ts";

/** Connect ChatGPT, which brings its own code. */
export const ConnectChatGpt = lazyOrNothing(() => import("./connect-chatgpt.tsx"));

/** The same over a thread's page: connects in that thread, or connects again the login that is named. */
export const ConnectDialog = lazyOrNothing(() => import("./connect-dialog.tsx"));
