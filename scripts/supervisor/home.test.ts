import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { claimHome, decideHome } from "./home.ts";
import { identify, readRunRecord, writeRunRecord } from "./run-record.ts";
import { StartRefusal } from "./start-refusal.ts";

let folder: string;
let said: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "threadbox-home-"));
  said = [];
  onTestFinished(() => rmSync(folder, { recursive: true }));
});
const claim = (home: string) => claimHome(home, (line) => said.push(line));
const modeOf = (path: string) => statSync(path).mode & 0o777;

const good = { mode: 0o40700, isOwn: true, names: ["keys.json"], freeBytes: 2 ** 40 };
const sentence = (facts: Partial<typeof good>) => String(decideHome("/h", { ...good, ...facts }));

describe("a state folder", () => {
  test("that is closed to others is used", () => {
    expect(decideHome("/h", good)).toBe("use");
    expect(decideHome("/h", { ...good, names: ["other"] })).toBe("use");
  });

  test("on a disk that is nearly full is refused with the room that is left and the room that is needed", () => {
    expect(sentence({ freeBytes: 300 * 1024 ** 2 })).toMatch(
      /only 300 MB of disk space is free in \/h; Threadbox needs 512 MB/,
    );
    expect(decideHome("/h", { ...good, freeBytes: 512 * 1024 ** 2 })).toBe("use");
  });

  test("of another user is refused", () => {
    expect(sentence({ isOwn: false })).toMatch(/belongs to another user.*THREADBOX_HOME/);
  });

  test("that others can look into is closed when it is Threadbox's, and refused when it holds other things", () => {
    expect(decideHome("/h", { ...good, mode: 0o40755 })).toBe("close");
    expect(decideHome("/h", { ...good, mode: 0o40755, names: [] })).toBe("close");
    expect(sentence({ mode: 0o40755, names: ["Documents"] })).toMatch(/other users can look into \/h \(mode 755\)/);
  });
});

describe("claiming a state folder", () => {
  test("makes it, with the folders above it, for its owner alone", async () => {
    const home = join(folder, "a", "b");
    await claim(home);
    expect([modeOf(home), modeOf(join(folder, "a"))]).toEqual([0o700, 0o700]);
    expect(modeOf(join(home, "run.json"))).toBe(0o600);
    expect(said).toEqual([]);
  });

  test("closes one that an earlier start has left open, and says so", async () => {
    writeFileSync(join(folder, "keys.json"), "{}");
    chmodSync(folder, 0o755);
    await claim(folder);
    expect(modeOf(folder)).toBe(0o700);
    expect(said.join()).toContain(`Made ${folder} private`);
  });

  test("leaves the mode of somebody's other folder alone", async () => {
    mkdirSync(join(folder, "Documents"));
    chmodSync(folder, 0o755);
    await expect(claim(folder)).rejects.toThrow(StartRefusal);
    expect(modeOf(folder)).toBe(0o755);
  });

  test("refuses at once, by name, what can be no folder", async () => {
    writeFileSync(join(folder, "file"), "");
    symlinkSync(join(folder, "nowhere"), join(folder, "link"));
    for (const home of ["/proc/nope", join(folder, "file"), join(folder, "file/home"), join(folder, "link")]) {
      await expect(claim(home)).rejects.toThrow(`can't use the state folder ${home}`);
    }
  });

  test("refuses while the run that holds it lives, with its process id", async () => {
    const supervisor = identify(process.pid);
    if (!supervisor) throw new Error("this process runs");
    writeRunRecord(folder, { supervisor, processes: {} });
    await expect(claim(folder)).rejects.toThrow(`it's already running from ${folder} (process ${process.pid})`);
  });

  test("goes on after a damaged record, says so, and writes its own", async () => {
    writeFileSync(join(folder, "run.json"), "");
    const supervisor = await claim(folder);
    expect(said.join()).toContain(`${join(folder, "run.json")} is damaged`);
    expect(readRunRecord(folder)).toEqual({ supervisor, processes: {} });
    expect(readFileSync(join(folder, "run.json"), "utf8")).toContain(String(process.pid));
  });
});
