import { expect, test } from "vitest";
import { deedOf } from "./deeds.ts";

const connected = { state: "connected", connectedAt: 1 } as const;
const ended = { state: "reauth", connectedAt: 1 } as const;
const again = { state: "connected", connectedAt: 3 } as const;

test("a login that is connected, ended and connected again is written down once each time", () => {
  expect(deedOf(null, connected)).toBe("login.connected");
  expect(deedOf(connected, ended)).toBe("login.ended");
  expect(deedOf(ended, again)).toBe("login.reconnected");
  expect(deedOf(connected, again)).toBe("login.reconnected");
});

test("whatever else is kept of it, such as a renewal, is none of the audit's business", () => {
  expect([deedOf(connected, connected), deedOf(ended, ended)]).toEqual([null, null]);
});
