import { describe, expect, test } from "vitest";
import { diffLines } from "./diff-lines.ts";

const diff = `Index: a.ts
===================================================================
--- a.ts
+++ a.ts
@@ -1,2 +1,2 @@
 one
-two
+2
@@ -9,1 +9,2 @@ function f() {
+--- not a header
 ten
\\ No newline at end of file
`;

describe("a unified diff", () => {
  test("is its lines without headers, with a gap between hunks", () => {
    expect(diffLines(diff).map(({ kind, text }) => `${kind} ${text}`)).toEqual([
      "context one",
      "removed two",
      "added 2",
      "gap function f() {",
      "added --- not a header",
      "context ten",
    ]);
  });

  test("without hunks shows nothing", () => {
    expect(diffLines("no diff at all")).toEqual([]);
  });
});
