import { describe, expect, test } from "vitest";
import { CatchUp } from "./catch-up.ts";

const setUp = (answers: (() => Promise<string>)[], isFinal = false) => {
  const [applied, pauses]: [string[], number[]] = [[], []];
  const catchUp = new CatchUp<string>({
    read: () => answers.shift()?.() ?? Promise.reject(new Error("Nothing more to read.")),
    apply: (text) => void applied.push(text),
    isFinal: () => isFinal,
    wait: async (ms) => void pauses.push(ms),
  });
  return { catchUp, applied, pauses, answers };
};

const refuse = () => Promise.reject(new Error("The worker starts."));

describe("what was missed in a gap", () => {
  test("is read until the server answers", async () => {
    const { catchUp, applied, pauses } = setUp([refuse, refuse, async () => "all of it"]);
    await catchUp.begin();
    expect(applied).toEqual(["all of it"]);
    expect(pauses).toEqual([500, 1000]);
  });

  test("is asked for no more once the server refuses for good", async () => {
    const { catchUp, applied, answers } = setUp([refuse, async () => "unreachable"], true);
    await catchUp.begin();
    expect([applied, answers.length]).toEqual([[], 1]);
  });

  test("is never overwritten by an older reading that comes late", async () => {
    let answerFirst = (_: string) => {};
    const first = new Promise<string>((resolve) => (answerFirst = resolve));
    const { catchUp, applied } = setUp([() => first, async () => "new"]);
    const [older, newer] = [catchUp.begin(), catchUp.begin()];
    await newer;
    answerFirst("old");
    await older;
    expect(applied).toEqual(["new"]);
  });

  test("is nobody's business after the page has left the thread", async () => {
    const { catchUp, applied } = setUp([async () => "late"]);
    const reading = catchUp.begin();
    catchUp.end();
    await reading;
    expect(applied).toEqual([]);
  });
});
