import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { LogFile } from "./log-file.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "threadbox-log-"));
  path = join(folder, "web.log");
  onTestFinished(() => rmSync(folder, { recursive: true }));
});
const open = (bytesMax = 100) => {
  const log = new LogFile(path, { bytesMax });
  onTestFinished(() => log.close());
  return log;
};
const read = (name: string) => readFileSync(join(folder, name), "utf8");

describe("a log file", () => {
  test("keeps its lines, for its owner alone, and goes on where the last run ended", () => {
    const first = open();
    first.write("one");
    first.close();
    open().write("two");
    expect(read("web.log")).toBe("one\ntwo\n");
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test("never grows past its bound, however much is written, and keeps the newest lines", () => {
    const log = open();
    const lines = Array.from({ length: 50 }, (_, index) => `line ${index} ééé`);
    for (const line of lines) log.write(line);
    expect(readdirSync(folder).sort()).toEqual(["web.log", "web.previous.log"]);
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).size).toBeLessThanOrEqual(100);
    const kept = (read("web.previous.log") + read("web.log")).trim().split("\n");
    expect(kept).toEqual(lines.slice(-kept.length));
    expect(kept.length).toBeGreaterThan(5);
  });

  test("that an earlier start has left too long is set aside at the first line", () => {
    writeFileSync(path, "x".repeat(5000));
    open().write("new");
    expect(read("web.log")).toBe("new\n");
    expect(read("web.previous.log")).toHaveLength(5000);
  });

  test("is bounded at 10 MB when nobody says otherwise", () => {
    writeFileSync(path, "x".repeat(10 * 1024 ** 2 - 4));
    const log = new LogFile(path);
    onTestFinished(() => log.close());
    log.write("one");
    expect(readdirSync(folder)).toEqual(["web.log"]);
    log.write("two");
    expect(read("web.log")).toBe("two\n");
  });

  test("that cannot be written loses the line and nothing else", () => {
    const log = new LogFile(join(folder, "gone", "web.log"));
    expect(() => log.write("lost")).not.toThrow();
  });
});
