import { expect, test } from "vitest";
import { leftText } from "./left-text.ts";

test.each([
  [604_800_000, "7 days"],
  [86_400_000, "24 hours"],
  [86_000_000, "24 hours"],
  [3_600_000, "60 minutes"],
  [90_000, "2 minutes"],
  [20_000, "1 minute"],
  [-5, "1 minute"],
])("%i ms are %s for people", (ms, text) => expect(leftText(ms)).toBe(text));
