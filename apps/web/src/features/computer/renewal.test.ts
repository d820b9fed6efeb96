import { viewOrigin } from "@threadbox/contracts/views";
import { expect, test } from "vitest";
import { isRenewalDue, renewalOf } from "./renewal.ts";

const shown = { url: "http://a.sbx.test:1/.threadbox/open?ticket=one", generation: 3 };

test("a view is renewed well before its hour is over", () => {
  expect(isRenewalDue(1_000, 1_000 + viewOrigin.renewSeconds * 1000 - 1)).toBe(false);
  expect(isRenewalDue(1_000, 1_000 + viewOrigin.renewSeconds * 1000)).toBe(true);
  expect(viewOrigin.renewSeconds).toBeLessThan(viewOrigin.sessionSeconds - 300);
});

test("the same view is renewed where it is; another one takes its place", () => {
  const again = { ...shown, url: "http://a.sbx.test:1/.threadbox/open?ticket=two" };
  expect(renewalOf(shown, again)).toBe("http://a.sbx.test:1/.threadbox/renew?ticket=two");
  expect(renewalOf(shown, { ...again, generation: 4 })).toBeNull();
  expect(renewalOf(shown, { ...again, url: "http://b.sbx.test:1/.threadbox/open?ticket=two" })).toBeNull();
});
