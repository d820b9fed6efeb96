import { expect, test } from "vitest";
import { watchdog } from "./watchdog.ts";

const limits = { silentMsMax: 5_000, startMsMax: 30_000, memoryMibMax: 1_024 };
const well = { isAnswering: true, memoryMib: 100 };
const silent = { isAnswering: false, memoryMib: 100 };

test("a machine that still starts is waited for", () => {
  const judge = watchdog(limits, 0);
  expect(judge(silent, 30_000)).toEqual({ kill: false });
});

test("a machine that has never answered is killed once it has had all the time that a start takes", () => {
  const judge = watchdog(limits, 0);
  expect(judge(silent, 30_001)).toEqual({ kill: true, why: "silent" });
});

test("a machine that has answered is killed once it has been silent for longer than it may", () => {
  const judge = watchdog(limits, 0);
  judge(well, 1_000);
  expect(judge(silent, 6_000)).toEqual({ kill: false });
  expect(judge(silent, 6_001)).toEqual({ kill: true, why: "silent" });
});

test("an answer begins the time anew", () => {
  const judge = watchdog(limits, 0);
  judge(well, 1_000);
  judge(silent, 5_900);
  judge(well, 5_950);
  expect(judge(silent, 10_000)).toEqual({ kill: false });
});

test("a machine that holds more memory than it may is killed, answering or not", () => {
  const judge = watchdog(limits, 0);
  expect(judge({ isAnswering: true, memoryMib: 1_025 }, 10)).toEqual({ kill: true, why: "memory" });
});

test("a machine that has ended is nobody's to kill", () => {
  const judge = watchdog(limits, 0);
  judge(well, 0);
  expect(judge({ isAnswering: false, memoryMib: null }, 60_000)).toEqual({ kill: false });
});
