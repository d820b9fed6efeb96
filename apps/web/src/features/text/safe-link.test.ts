import { describe, expect, test } from "vitest";
import { safeLink } from "./safe-link.ts";

describe("a link in model text", () => {
  test.each([
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "blob:https://app/x",
    "file:///etc/passwd",
    "/t/abc",
    "#top",
    "",
    undefined,
    5,
  ])("%j leads nowhere", (href) => {
    expect(safeLink(href)).toBeNull();
  });

  test("web and mail addresses are kept", () => {
    expect(safeLink("https://example.test/a?b=c#d")).toBe("https://example.test/a?b=c#d");
    expect(safeLink("mailto:a@example.test")).toBe("mailto:a@example.test");
  });
});
