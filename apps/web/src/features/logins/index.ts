import { lazyOrNothing } from "../../lib/lazy-or-nothing.ts";

/** Connect ChatGPT, which brings its own code. */
export const ConnectChatGpt = lazyOrNothing(() => import("./connect-chatgpt.tsx"));
