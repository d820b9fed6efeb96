import { expect, test } from "vitest";
import { webLink } from "./web-link.ts";

test("a link of a program's leads to a web page, or nowhere", () => {
  expect(webLink("https://example.com/a b")).toBe("https://example.com/a%20b");
  for (const text of ["javascript:alert(1)", "file:///etc/passwd", "vscode://x", "data:text/html,x", "//a", ""]) {
    expect(webLink(text)).toBeNull();
  }
  expect(webLink(`https://example.com/${"x".repeat(2_000)}`)).toBeNull();
});

test("an address shows the host it leads to, whatever it looks like", () => {
  expect(webLink("https://exаmple.com/")).toBe("https://xn--exmple-4nf.com/");
  expect(webLink("https://bank.example@evil.test/")).toBe("https://bank.example@evil.test/");
});
