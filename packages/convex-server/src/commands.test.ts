import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { flagsOf, runCommand } from "./commands.ts";
import { copyFixture } from "./server.testing.ts";

const main = join(import.meta.dirname, "main.ts");

describe("the command line", () => {
  test.each([["help"], ["--help"], ["-h"], ["import", "--help"]])("says with %s %s what it does", async (...args) => {
    const word = await runCommand(args, {}, 0);
    for (const verb of ["start", "backup", "restore", "export", "import", "codegen"]) {
      expect(word).toMatch(new RegExp(`^  ${verb}\\b`, "m"));
    }
  });

  test("names every setting that the README names", async () => {
    const readme = readFileSync(join(import.meta.dirname, "../README.md"), "utf8");
    const named = [...readme.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, name]) => name);
    const word = await runCommand(["help"], {}, 0);
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !word?.includes(name ?? ""))).toEqual([]);
  });

  test.each([[[]], [["start"]], [["start", "--watch"]], [["--watch"]]])("serves with %j", async (args) => {
    expect(await runCommand(args, {}, 0)).toBeNull();
    expect(flagsOf(args).every((flag) => flag === "--watch")).toBe(true);
  });

  test.each([[["serve"]], [["backup", "extra"]], [["--wacth"]], [["import", "a", "b"]]])(
    "refuses %j in words",
    async (args) => {
      await expect(runCommand(args, {}, 0)).rejects.toThrow(/convex-server help/);
    },
  );

  test("is a program that can be run by name, and compares generated files", () => {
    const { folder, remove } = copyFixture();
    const run = (...args: string[]) => spawnSync(main, args, { encoding: "utf8", env: { PATH: process.env.PATH } });
    expect(run("codegen", "--dir", folder, "--check")).toMatchObject({ status: 0 });
    expect(run("codegen", "--dir", join(folder, "none"), "--check")).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("No functions folder"),
    });
    remove();
  });
});
