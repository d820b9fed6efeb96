import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { settlePluginPackage } from "./plugin-package.ts";

let home: string;
let lock: string;
beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), "threadbox-plugin-package-"));
  lock = path.join(home, ".config/opencode/package-lock.json");
  onTestFinished(() => fs.rmSync(home, { recursive: true }));
});

describe("what keeps OpenCode from fetching its package for plugins", () => {
  test("is made in an empty home, and left as it is from then on", () => {
    settlePluginPackage(home);
    expect(fs.readFileSync(lock, "utf8")).toContain("@opencode-ai/plugin");
    expect(fs.existsSync(path.join(home, ".config/opencode/node_modules"))).toBe(true);
    fs.writeFileSync(lock, "the user's own");
    settlePluginPackage(home);
    expect(fs.readFileSync(lock, "utf8")).toBe("the user's own");
  });

  test.each([
    ["a link that leads nowhere", () => fs.symlinkSync("/proc/nope/nope", path.join(home, ".config"))],
    ["a file", () => fs.writeFileSync(path.join(home, ".config"), "")],
  ])("does without where %s stands in its place", (_, make) => {
    make();
    settlePluginPackage(home);
    expect(fs.existsSync(lock)).toBe(false);
  });
});
