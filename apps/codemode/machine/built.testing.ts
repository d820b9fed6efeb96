import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** The built machine. */
    readonly script: string;
  }
}

/** Builds the machine for these tests, apart from what may be running. */
export default (project: TestProject): (() => void) => {
  const folder = mkdtempSync(join(tmpdir(), "threadbox-codemode-build-"));
  const wrangler = join(import.meta.dirname, "../../../node_modules/.bin/wrangler");
  execFileSync(wrangler, ["deploy", "--dry-run", "--outdir", folder], { cwd: join(import.meta.dirname, "..") });
  project.provide("script", join(folder, "index.js"));
  return () => rmSync(folder, { recursive: true, force: true });
};
