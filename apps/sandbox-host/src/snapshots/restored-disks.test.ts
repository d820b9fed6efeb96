import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { sandboxFolders } from "../engines/local/sandbox-folders.ts";
import { sandboxName } from "../host.testing.ts";
import { requireDisks } from "./restored-disks.ts";

test("where nothing can be brought back, what was saved is not begun empty, and disks that are whole are used", async () => {
  const state = await fs.mkdtemp(path.join(os.tmpdir(), "threadbox-disks-"));
  onTestFinished(() => fs.rm(state, { recursive: true }));
  const name = sandboxName();
  const folders = sandboxFolders(state, name);
  const require = (isSaved: boolean) =>
    requireDisks(name, folders, { snapshots: { has: async () => isSaved }, reason: "restic is not installed" });
  const refusal = {
    tag: "StoreUnavailable",
    message: "The saved files can't be brought back: restic is not installed.",
  };

  await require(false);
  await expect(require(true)).rejects.toMatchObject(refusal);
  await fs.mkdir(folders.disks.workspace, { recursive: true });
  await expect(require(true), "one of the two is missing").rejects.toMatchObject(refusal);
  await fs.mkdir(folders.disks.home);
  await require(true);
  await fs.writeFile(path.join(folders.kept, "restoring"), "home");
  await expect(require(true), "one of the two is half brought back").rejects.toMatchObject(refusal);
});
