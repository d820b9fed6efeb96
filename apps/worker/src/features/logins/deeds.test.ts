import { LoginId } from "@threadbox/contracts/logins";
import { expect, test } from "vitest";
import type { StoredLogin } from "./book.ts";
import { deedOf } from "./deeds.ts";

const connected: StoredLogin = {
  id: LoginId.make("lgn_0123456789abcdef"),
  name: "Work",
  state: "connected",
  account: "a***@example.com",
  plan: null,
  connectedAt: 1,
  lastUsedAt: null,
  reauthAt: null,
  reason: null,
  usage: [],
  accountId: "acct",
  version: 1,
  sealed: { kid: "", text: "" },
  refreshing: null,
};
const ended: StoredLogin = { ...connected, state: "reauth", reauthAt: 2 };

test("a login that is connected, ended and connected again is written down once each time", () => {
  expect(deedOf(null, connected)).toBe("login.connected");
  expect(deedOf(connected, ended)).toBe("login.ended");
  expect(deedOf(ended, { ...ended, name: "Other" })).toBeNull();
  expect(deedOf(ended, { ...connected, connectedAt: 3, version: 2 })).toBe("login.reconnected");
  expect(deedOf(connected, { ...connected, connectedAt: 3, version: 2 })).toBe("login.reconnected");
});

test("a renewal, a use and another name are none of the audit's business", () => {
  for (const change of [{ version: 2 }, { lastUsedAt: 5 }, { name: "Other" }, { refreshing: 1 }])
    expect(deedOf(connected, { ...connected, ...change })).toBeNull();
});
