import { SandboxStatus } from "@threadbox/contracts/sandbox";
import { describe, expect, test } from "vitest";
import { besideLabel, clockStart, sandboxView, startSentence, unreachedView } from "./sandbox-view.ts";

describe("what the page says of a sandbox", () => {
  test.each(SandboxStatus.literals)("%s has a word, a meaning and a tone", (status) => {
    const view = sandboxView({ status });
    expect(view.label).toMatch(/^[A-Z]/);
    expect(view.meaning).toMatch(/\.$/);
  });

  test("a thread that never needed one and one that says so read alike", () => {
    expect(sandboxView(null)).toEqual(sandboxView({ status: "none" }));
  });

  test("a failed sandbox can be restarted, a starting one cannot", () => {
    expect(sandboxView({ status: "failed" }).canRestart).toBe(true);
    expect(sandboxView({ status: "starting" }).canRestart).toBe(false);
  });

  test("only what goes on is active", () => {
    const active = SandboxStatus.literals.filter((status) => sandboxView({ status }).isActive);
    expect(active).toEqual(["starting", "busy"]);
  });
});

describe("a sandbox that the page cannot see", () => {
  test.each(["offline", "lost"] as const)("%s is never shown as well, as working or as ready to restart", (reach) => {
    expect(unreachedView(reach)).toMatchObject({ tone: "neutral", isActive: false, canRestart: false });
    expect(SandboxStatus.literals.map((status) => sandboxView({ status }).label)).not.toContain(
      unreachedView(reach).label,
    );
  });
});

describe("the clock beside the state", () => {
  test("a start without a turn counts from its own", () => {
    expect(clockStart({ status: "starting", since: 12_000 }, null)).toBe(12_000);
  });

  test("no state counts while a turn does, which has a clock in the transcript", () => {
    for (const status of SandboxStatus.literals) expect(clockStart({ status, since: 12_000 }, 9_000)).toBeNull();
  });

  test("no other state counts", () => {
    const counting = SandboxStatus.literals.filter((status) => clockStart({ status, since: 12_000 }, null) !== null);
    expect(counting).toEqual(["starting"]);
    expect(clockStart(null, null)).toBeNull();
  });
});

describe("the sentence of a start", () => {
  test("says how long it usually takes", () => {
    const usual = "Starting your sandbox — usually 5–10 seconds.";
    expect(startSentence(null)).toBe(usual);
    expect(startSentence({ status: "starting", reason: "Restarting…" })).toBe(usual);
    expect(startSentence({ status: "asleep", reason: "Asleep: another thread needed the capacity." })).toBe(usual);
  });

  test("says what it waits for when it waits", () => {
    const reason = "Waiting for a free sandbox: 2nd in line.";
    expect(startSentence({ status: "starting", reason })).toBe(reason);
  });
});

test("a reason doesn't say once more what the state is called", () => {
  expect(besideLabel("Napping", "Napping: not used for a while.")).toBe("Not used for a while.");
  expect(besideLabel("Failed", "The disk is full.")).toBe("The disk is full.");
});
