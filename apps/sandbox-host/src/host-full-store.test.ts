import { execFile } from "node:child_process";
import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";
import { ensureBody, openTestHost, sandboxName } from "./host.testing.ts";
import { requireSandboxes } from "./require-sandboxes.testing.ts";

const run = promisify(execFile);
const isRoot = process.geteuid?.() === 0;

/** A disk of its own for snapshots, which a few files fill. */
const mountStore = async (mib: number): Promise<string> => {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), "threadbox-store-"));
  await run("mount", ["-t", "tmpfs", "-o", `size=${mib}m`, "threadbox-store", folder]);
  onTestFinished(async () => {
    await run("umount", ["--lazy", folder]);
    await fs.rmdir(folder);
  });
  return folder;
};

describe.skipIf(!isRoot)("a store of snapshots that is full", () => {
  test("refuses a save in words, loses nothing that was saved, and takes the next one when there is room", async () => {
    const store = await mountStore(12);
    const host = await requireSandboxes(() =>
      openTestHost({
        SANDBOX_SNAPSHOTS: store,
        SANDBOX_SNAPSHOT_KEY: "key-of-the-snapshots-0123456789abcdef",
        SANDBOX_DISK_RESERVE_MIB: "0",
      }),
    );
    if (host === undefined) return;
    onTestFinished(() => host.close(0));
    const name = sandboxName();
    const save = () =>
      host.json(`/sandboxes/${name}/snapshots`, { method: "POST", body: JSON.stringify({ cause: "turn" }) });
    const points = async () =>
      ((await host.json(`/sandboxes/${name}/snapshots`)) as { points: { id: string }[] }).points.map(({ id }) => id);
    await host.json(`/sandboxes/${name}`, { method: "PUT", body: ensureBody(1) });
    await host.exec(name, ["sh", "-c", "echo kept >kept"]);
    expect(await save()).toMatchObject({ id: expect.any(String) });
    const [first] = await points();
    await host.exec(name, ["sh", "-c", "head -c 30000000 /dev/urandom >large"]);
    expect(await save()).toMatchObject({ error: { _tag: "QuotaExceeded", message: "The disk is full." } });
    expect(await points()).toEqual([first]);
    await host.exec(name, ["rm", "large"]);
    await run("mount", ["-o", "remount,size=200m", store]);
    expect(await save()).toMatchObject({ id: expect.any(String) });
    expect((await points()).length).toBe(2);
  });
});
