import { expect, test } from "vitest";
import { verificationPage } from "./verification-page.ts";

test("only OpenAI's own page is linked to, and only by https", () => {
  const of = (verificationUri: string | null) => verificationPage({ verificationUri })?.href ?? null;
  expect(of("https://auth.openai.com/codex/device")).toBe("https://auth.openai.com/codex/device");
  for (const odd of [
    "http://auth.openai.com/codex/device",
    "https://auth.openai.com.evil.example/codex/device",
    "https://evil.example/?https://auth.openai.com",
    "https://auth.openai.com:8443/codex/device",
    "javascript:alert(1)",
    "not an address",
    null,
  ])
    expect(of(odd)).toBeNull();
});
