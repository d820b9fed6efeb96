import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import { measureFolders } from "../files/measure.ts";
import { sandboxName } from "../host.testing.ts";
import { guardDisk } from "./disk-guard.ts";

const [small, large, larger] = [sandboxName(), sandboxName(), sandboxName()];

const guard = async (freeBytes: number, sizes: Readonly<Record<string, number>>) => {
  const stopped: (readonly string[])[] = [];
  const name = await guardDisk({
    reserveBytes: 1_000,
    freeBytes: async () => freeBytes,
    sandboxes: () =>
      [small, large, larger]
        .filter((one) => one in sizes)
        .map((one) => ({ name: one, measure: async () => sizes[one] ?? 0 })),
    stop: async (one, reason) => {
      stopped.push([one, reason]);
    },
    log: pino({ level: "silent" }),
  });
  return { name, stopped };
};

test("with room on the disk nothing is measured or ended", async () => {
  expect(await guard(1_000, { [larger]: 1e12 })).toEqual({ name: undefined, stopped: [] });
});

test("without room the sandbox that keeps the most is ended, with its size as the reason", async () => {
  const sizes = { [small]: 1, [larger]: 3 * 1024 * 1024, [large]: 2 * 1024 * 1024 };
  expect(await guard(999, sizes)).toEqual({
    name: larger,
    stopped: [[larger, "The sandbox filled the disk (3 MB)."]],
  });
});

test("a sandbox that keeps little is not ended for a disk that others filled", async () => {
  expect(await guard(0, { [small]: 999 })).toEqual({ name: undefined, stopped: [] });
});

test("A54: what a link points at is not measured", async () => {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), "threadbox-measure-"));
  onTestFinished(() => fs.rm(folder, { recursive: true }));
  await fs.mkdir(path.join(folder, "inner"));
  await fs.writeFile(path.join(folder, "inner", "file"), Buffer.alloc(1024 * 1024, 1));
  const measure = async () => (await measureFolders([folder])).get(folder);
  const before = await measure();
  expect(before?.files).toBe(3);
  expect(before?.bytes).toBeGreaterThanOrEqual(1024 * 1024);
  await fs.symlink("/", path.join(folder, "inner", "root"));
  expect(await measure()).toEqual({ files: 4, bytes: before?.bytes });
});
