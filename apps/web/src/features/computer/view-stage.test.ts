import { expect, test } from "vitest";
import { WireFailure } from "../errors/index.ts";
import type { SandboxState } from "../sandbox/index.ts";
import type { ViewState } from "./use-view.ts";
import { reopensByItself, stageOf } from "./view-stage.ts";

const sandbox = (status: SandboxState["status"], generation = 1) => ({ status, generation });
const open: ViewState = { kind: "open", url: "http://a.test/", generation: 1 };
const ended: ViewState = { kind: "ended", generation: 1 };

test("a view is shown while its own sandbox runs", () => {
  for (const status of ["ready", "busy"] as const) expect(stageOf(open, sandbox(status), true)).toBe("frame");
  // What Convex tells may lag behind a sandbox that was started for the view.
  expect(stageOf(open, null, true)).toBe("frame");
  expect(stageOf({ ...open, generation: 2 }, sandbox("failed"), true)).toBe("frame");
});

test("an open view outlasts a gap in the network; none is opened in it", () => {
  expect(stageOf(open, sandbox("ready"), false)).toBe("frame");
  for (const state of [
    ended,
    { kind: "opening" },
    { kind: "failed", failure: new WireFailure("Internal", "") },
  ] as const)
    expect(stageOf(state, sandbox("ready"), false)).toBe("offline");
});

test.each([open, ended])("after its sandbox is gone a view is never shown again, but opened anew: $kind", (state) => {
  const stages = [sandbox("failed"), sandbox("starting", 2), sandbox("ready", 2)].map((now) => ({
    stage: stageOf(state, now, true),
    reopens: reopensByItself(state, now),
  }));
  expect(stages).toEqual([
    { stage: "gone", reopens: false },
    { stage: "opening", reopens: false },
    { stage: "opening", reopens: true },
  ]);
});

test("a view that ended while its sandbox runs waits to be asked for", () => {
  expect(stageOf(ended, sandbox("ready"), true)).toBe("ended");
  expect(reopensByItself(ended, sandbox("ready"))).toBe(false);
});
