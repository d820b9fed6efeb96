import { expect, test } from "vitest";
import { Backlog } from "./backlog.ts";

test("keeps the newest output, by its positions", () => {
  const backlog = new Backlog(6);
  for (const piece of ["abc", "def", "gh"]) backlog.append(Buffer.from(piece));
  expect([backlog.start, backlog.end]).toEqual([2, 8]);
  expect(String(backlog.read(2, 100))).toBe("c");
  expect(String(backlog.read(4, 1))).toBe("e");
  expect(String(backlog.read(6, 100))).toBe("gh");
  expect(backlog.read(8, 100)).toHaveLength(0);
});

test("a piece longer than all that is kept leaves its end", () => {
  const backlog = new Backlog(2);
  backlog.append(Buffer.from("abcdef"));
  expect([backlog.start, backlog.end, String(backlog.read(4, 9))]).toEqual([4, 6, "ef"]);
});
