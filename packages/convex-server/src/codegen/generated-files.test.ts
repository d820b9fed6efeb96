import { execFileSync, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { generatedFiles } from "./generated-files.ts";

const nodeModules = join(dirname(fileURLToPath(import.meta.resolve("convex/server"))), "../../../..");

describe("generated files", () => {
  let project = "";

  const write = (path: string, text = "export const x = 1;\n"): void => {
    const file = join(project, "convex", path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  };

  /** What the Convex CLI itself writes, offline. */
  const writtenByConvex = (): Record<string, string> => {
    execFileSync(
      process.execPath,
      [join(nodeModules, "convex/bin/main.js"), "codegen", "--system-udfs", "--typecheck", "disable"],
      { cwd: project, stdio: "pipe" },
    );
    const folder = join(project, "convex/_generated");
    return Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")]));
  };

  beforeEach(() => {
    project = mkdtempSync(join(tmpdir(), "codegen-"));
    symlinkSync(nodeModules, join(project, "node_modules"));
    writeFileSync(
      join(project, "package.json"),
      JSON.stringify({ type: "module", dependencies: { convex: "1.48.0" } }),
    );
  });
  afterEach(() => rmSync(project, { recursive: true }));

  test("equal those of the Convex CLI, for every rule on which files are modules", () => {
    write("schema.ts", 'import { defineSchema } from "convex/server";\nexport default defineSchema({});\n');
    for (const path of ["threads.ts", "my-file.ts", "delete.ts", "api.js", "model/thing.ts", "a_b/c.ts"]) write(path);
    for (const path of ["threads.test.ts", "auth.config.ts", ".hidden.ts", "#draft.ts", "no space.ts"]) write(path);
    write("empty.ts", "// nothing to see\n");
    write("notes.md");
    write("part/convex.config.ts");
    write("part/inside.ts");
    expect(Object.fromEntries(generatedFiles(join(project, "convex")))).toEqual(writtenByConvex());
  });

  test("equal those of the Convex CLI in a folder without schema", () => {
    write("threads.ts");
    expect(Object.fromEntries(generatedFiles(join(project, "convex")))).toEqual(writtenByConvex());
  });

  test("are compared, not written, by --check", () => {
    write("threads.ts");
    const codegen = (...flags: string[]) =>
      spawnSync(process.execPath, [join(import.meta.dirname, "../codegen.ts"), "--dir", "convex", ...flags], {
        cwd: project,
      });
    expect(codegen("--check").status).toBe(1);
    expect(existsSync(join(project, "convex/_generated"))).toBe(false);
    expect(codegen().status).toBe(0);
    expect(codegen("--check").status).toBe(0);
    write("messages.ts");
    const stale = codegen("--check");
    expect(stale.status).toBe(1);
    expect(stale.stderr.toString()).toContain("api.d.ts");
  });
});
