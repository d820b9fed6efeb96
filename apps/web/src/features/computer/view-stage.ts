import { isUp, type SandboxState } from "../sandbox/index.ts";
import type { ViewState } from "./use-view.ts";

/** What the panel shows in place of, or as, OpenCode's page. */
export type ViewStage = "offline" | "failed" | "opening" | "frame" | "ended" | "gone";

type Sandbox = Pick<SandboxState, "status" | "generation"> | null;

const generationOf = (state: ViewState): number | null =>
  state.kind === "open" || state.kind === "ended" ? state.generation : null;

/** The view belongs to a sandbox that has been followed by another: its address leads nowhere any more. */
const isOutlived = (state: ViewState, sandbox: Sandbox): boolean => {
  const generation = generationOf(state);
  return generation !== null && sandbox !== null && sandbox.generation > generation;
};

/** Whether the view is to be opened again without being asked: there is another sandbox, and it can be looked into. */
export const reopensByItself = (state: ViewState, sandbox: Sandbox): boolean =>
  isOutlived(state, sandbox) && isUp(sandbox);

/** A view whose address is spent is never shown again: it would only say that it has ended. */
export const stageOf = (state: ViewState, sandbox: Sandbox, isOnline: boolean): ViewStage => {
  if (!isOnline && state.kind !== "open") return "offline";
  if (state.kind === "failed" || state.kind === "opening") return state.kind;
  if (isOutlived(state, sandbox)) return isUp(sandbox) || sandbox?.status === "starting" ? "opening" : "gone";
  // Of a sandbox that was started for this view Convex may not have told yet: its word is of the one before.
  const isOwn = sandbox?.generation === generationOf(state);
  if (isOwn && (sandbox?.status === "asleep" || sandbox?.status === "failed")) return "gone";
  return state.kind === "open" ? "frame" : "ended";
};
