import { CloneState } from "@threadbox/contracts/repository";
import { Schema } from "effect";
import { describe, expect, test } from "vitest";
import { readClone } from "./read-clone.ts";

const url = "https://git.example/a/b";
const printed = (...parts: readonly string[]) => readClone({ stdout: [...parts, ""].join("\0") });

describe("a clone that runs", () => {
  test.each([
    ["Cloning into '/workspace'...\n", { step: "connecting" }],
    [
      "remote: Counting objects:  40% (4/10)\rremote: Counting objects:  50% (5/10)\r",
      { step: "counting", percent: 50 },
    ],
    [
      "Receiving objects:  45% (450/1000), 12.30 MiB | 1.20 MiB/s\r",
      { step: "receiving", percent: 45, received: "12.30 MiB" },
    ],
    ["Resolving deltas: 100% (3/3), done.\n", { step: "resolving", percent: 100 }],
    ["Updating files:   7% (7/100)\r", { step: "writing", percent: 7 }],
    ["Receiving objects: 999% (1/1)\r", { step: "receiving", percent: 100 }],
    ["remote: <script>alert(1)</script>\n", { step: "connecting" }],
  ])("says how far it is: %j", (log, shown) => {
    const state = printed("running", url, log);
    expect(state).toEqual({ status: "running", url, ...shown });
    expect(Schema.is(CloneState)(state)).toBe(true);
  });
});

describe("a clone that failed", () => {
  const unable = "fatal: unable to access 'https://git.example/a/b/': ";
  test.each([
    ["128", `${unable}CONNECT tunnel failed, response 403`, "blocked"],
    ["128", `${unable}CONNECT tunnel failed, response 502`, "unreachable"],
    ["128", `${unable}server certificate verification failed. CAfile: none`, "certificate"],
    ["128", `${unable}SSL certificate problem: self-signed certificate`, "certificate"],
    ["128", "fatal: could not read Username for 'https://git.example': terminal prompts disabled", "private"],
    ["128", "fatal: repository 'https://git.example/a/b/' not found", "private"],
    ["128", "fatal: Remote branch nope not found in upstream origin", "branch"],
    ["128", "fatal: write error: No space left on device", "full"],
    ["124", "Receiving objects:   1% (1/100)", "slow"],
    ["interrupted", "Receiving objects:   1% (1/100)", "interrupted"],
    ["128", "fatal: the remote end hung up unexpectedly", "other"],
    ["?", "", "other"],
  ])("with %s and %j says why: %s", (code, log, problem) => {
    const state = printed(code, url, log);
    expect(state).toMatchObject({ status: "failed", url, problem });
    expect(Schema.is(CloneState)(state)).toBe(true);
  });

  test("quotes git, and not without end", () => {
    const state = printed("128", url, `noise\nfatal: ${"x".repeat(2_000)}\nmore`);
    expect(state).toMatchObject({ detail: expect.stringMatching(/^fatal: x+…?$/) });
    expect(JSON.stringify(state).length).toBeLessThan(600);
  });
});

describe("a clone that is done", () => {
  test("names commit and branch, where what was printed has their form", () => {
    const commit = "a".repeat(40);
    expect(printed("0", url, "", commit, "main")).toEqual({ status: "done", url, commit, branch: "main" });
    expect(printed("0", url, "", "$(id)", "")).toEqual({ status: "done", url, commit: null, branch: null });
  });
});

test.each(["", "none\0", "\0\0\0", "running"])("%j is no clone", (stdout) => {
  expect(readClone({ stdout })).toEqual({ status: "none" });
});
