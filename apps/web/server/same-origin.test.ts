import { describe, expect, test } from "vitest";
import { refuseForeignOrigin } from "./same-origin.ts";

const own = "https://app.example.test";

describe("a request that changes something", () => {
  test.each([
    "https://evil.test",
    "null",
    "https://app.example.test.evil.test",
    "http://app.example.test",
    "https://app.example.test:9999",
  ])("from the origin %s is refused", (origin) => {
    expect(refuseForeignOrigin(new Headers({ origin, "sec-fetch-site": "same-origin" }), own)).toBe("OriginRejected");
  });

  test.each(["cross-site", "same-site", "none"])("that the browser calls %s is refused", (site) => {
    expect(refuseForeignOrigin(new Headers({ origin: own, "sec-fetch-site": site }), own)).toBe("CsrfRejected");
  });

  test("without any word on where it comes from is refused", () => {
    expect(refuseForeignOrigin(new Headers(), own)).toBe("CsrfRejected");
  });

  test("from the page itself is let through", () => {
    expect(refuseForeignOrigin(new Headers({ origin: own, "sec-fetch-site": "same-origin" }), own)).toBeNull();
    expect(refuseForeignOrigin(new Headers({ "sec-fetch-site": "same-origin" }), own)).toBeNull();
  });
});
