import { type ErrorTag, errorTable, isErrorTag } from "@threadbox/contracts/errors";
import { describe, expect, test } from "vitest";
import { errorText } from "./error-texts.ts";

const tags = Object.keys(errorTable).filter((tag): tag is ErrorTag => isErrorTag(tag));

describe("what a person reads of an error", () => {
  test.each(tags)("%s has a sentence of plain words that is not its name", (tag) => {
    const { text } = errorText(tag);
    expect(text).toMatch(/^[A-Z].*[.…]$/);
    expect(text).not.toContain(tag);
    expect(text).not.toMatch(/undefined|_tag|HTTP|\b[45]\d\d\b/);
  });

  test.each(["TokenMissing", "TokenMalformed", "TokenInvalid", "TokenExpired"] as const)(
    "whose %s was refused is not told that the session ended, which nobody knows, and that the draft is safe",
    (tag) => {
      const { text, action } = errorText(tag);
      expect(text).toContain("You’re still signed in, and your draft is saved.");
      expect(action).toBe("retry");
    },
  );

  test("a limit says whose it is and how long it lasts, where that is known", () => {
    expect(errorText("RateLimited", { message: "It asks to wait 10 minutes." }).text).toContain("10 minutes");
    expect(errorText("RateLimited", { message: "" })).toEqual(errorText("RateLimited"));
  });

  test("a failure of ours carries a reference that can be looked up", () => {
    const { text } = errorText("Internal", { requestId: "7f3ka0c1-1111-4111-8111-11111111ab22" });
    expect(text).toContain("Reference 7F3K-AB22.");
  });

  test("a missing thread and somebody else's thread read alike", () => {
    expect(errorText("NotFound")).toEqual(errorText("ThreadScopeMismatch"));
  });
});
