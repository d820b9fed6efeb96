import { expect, test } from "vitest";
import { describeEnd } from "./describe-end.ts";

const ended = (code: number | null, signal: string | null) => ({ event: "ended" as const, code, signal, tail: [] });
const evidence = { stopReason: undefined, oomKills: 0, openCode: undefined, memoryMib: 2048 };

test("a kill for want of memory is named with the limit", () => {
  const outOfMemory = { status: "failed", reason: "The sandbox ran out of memory (2048 MB)." };
  expect(describeEnd({ ...evidence, oomKills: 1, openCode: ended(null, "SIGKILL") })).toEqual(outOfMemory);
  expect(describeEnd({ ...evidence, oomKills: 1 })).toEqual(outOfMemory);
});

test("a crash after a tool was killed for want of memory is still a crash", () => {
  expect(describeEnd({ ...evidence, oomKills: 1, openCode: ended(1, null) }).reason).toBe(
    "OpenCode stopped unexpectedly (exit code 1).",
  );
});

test("an end that the host asked for is no failure, whatever else happened", () => {
  expect(describeEnd({ ...evidence, oomKills: 3, stopReason: "Replaced." })).toEqual({
    status: "stopped",
    reason: "Replaced.",
  });
});
