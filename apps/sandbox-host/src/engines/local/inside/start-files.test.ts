import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeStartFiles } from "./start-files.ts";

let home: string;
beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), "start-files-"));
});
afterEach(() => fs.rmSync(home, { recursive: true, force: true }));

const file = { path: ".local/share/opencode/auth.json", content: '{"a":1}' };
const at = () => path.join(home, file.path);

test("a file of a start is its owner's alone", () => {
  writeStartFiles(home, [file]);
  expect(fs.readFileSync(at(), "utf8")).toBe(file.content);
  expect(fs.statSync(at()).mode & 0o777).toBe(0o600);
  expect(fs.statSync(path.dirname(at())).mode & 0o777).toBe(0o700);
});

test("it takes the place of what an earlier start has left, link or folder", () => {
  const elsewhere = path.join(home, "elsewhere");
  fs.writeFileSync(elsewhere, "mine", { mode: 0o644 });
  fs.mkdirSync(path.dirname(at()), { recursive: true });
  fs.symlinkSync(elsewhere, at());
  writeStartFiles(home, [file]);
  expect(fs.readFileSync(elsewhere, "utf8")).toBe("mine");
  expect(fs.lstatSync(at()).isFile()).toBe(true);
  fs.rmSync(at());
  fs.mkdirSync(path.join(at(), "full"), { recursive: true });
  writeStartFiles(home, [file]);
  expect(fs.readFileSync(at(), "utf8")).toBe(file.content);
});

test("one that can't be written leaves nothing older behind, and stops no start", () => {
  fs.writeFileSync(path.join(home, ".local"), "in the way");
  writeStartFiles(home, [file]);
  expect(fs.existsSync(at())).toBe(false);
});
