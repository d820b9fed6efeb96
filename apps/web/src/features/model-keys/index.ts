import { lazyOrNothing } from "../../lib/lazy-or-nothing.ts";

/** The user's own keys of model providers, which bring their own code. */
export const ModelKeys = lazyOrNothing(() => import("./model-keys.tsx"));
