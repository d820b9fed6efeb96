import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { installHint, missingFrom, sandboxPackages } from "./system-packages.ts";

test("programs that no folder of the path holds are named with their purpose and the command that installs them", () => {
  const folder = mkdtempSync(join(tmpdir(), "threadbox-path-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const program of ["git", "rg", "restic", "perl"]) writeFileSync(join(folder, program), "");
  const missing = missingFrom(sandboxPackages, `/nowhere:${folder}`);
  expect(missing.map(({ name }) => name)).toEqual(["bubblewrap"]);
  expect(installHint(missing)).toBe("bubblewrap (sandboxes) not found. Install with: sudo apt-get install bubblewrap");
  writeFileSync(join(folder, "bwrap"), "");
  expect(missingFrom(sandboxPackages, `/nowhere:${folder}`)).toEqual([]);
});
