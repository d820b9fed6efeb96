import { type ComponentType, lazy } from "react";

/** A component that shows nothing itself; where its code is out of reach, as without a network, the page does without. */
export const lazyOrNothing = <Props extends object>(load: () => Promise<{ readonly default: ComponentType<Props> }>) =>
  lazy<ComponentType<Props>>(() => load().catch(() => ({ default: () => null })));
