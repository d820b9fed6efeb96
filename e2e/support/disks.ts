import { readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "@playwright/test";
import { main } from "./addresses.ts";
import { keysOf } from "./keys.ts";

const snapshotsIn = async (name: string): Promise<number> =>
  (await readdir(join(main.home, "snapshots", name, "snapshots")).catch(() => [])).length;

/** Waits until the newest sandbox of the installation has been saved. */
export const waitUntilSaved = async (name: string): Promise<void> => {
  await expect.poll(() => snapshotsIn(name)).toBeGreaterThan(0);
};

/** The sandboxes whose disks lie on this machine. */
export const sandboxNames = async (): Promise<readonly string[]> =>
  readdir(join(main.home, "sandboxes/sandboxes")).catch(() => []);

/** Files that are disks right now. */
const mountedImages = async (): Promise<readonly string[]> => {
  const devices = (await readdir("/sys/block")).filter((device) => device.startsWith("loop"));
  return Promise.all(
    devices.map((device) => readFile(`/sys/block/${device}/loop/backing_file`, "utf8").catch(() => "")),
  );
};

/** Ends a sandbox and removes its disks, as a machine that was lost would. */
export const loseDisks = async (name: string): Promise<void> => {
  const { sandboxHostToken } = keysOf();
  const host = `http://127.0.0.1:${main.env.SANDBOX_HOST_PORT}/v1/sandboxes/${name}`;
  const headers = { authorization: `Bearer ${sandboxHostToken}` };
  await fetch(`${host}?keepWorkspace=true`, { method: "DELETE", headers });
  // From now on nobody can open them; a save that has hold of them comes to its end.
  const folder = join(main.home, "sandboxes/sandboxes", name);
  await rename(folder, `${folder}.lost`);
  await expect.poll(async () => (await mountedImages()).filter((image) => image.includes(name))).toEqual([]);
  await rm(`${folder}.lost`, { recursive: true });
};

/** What was saved of a sandbox can't be opened any more. */
export const breakSnapshots = (name: string): Promise<void> =>
  writeFile(join(main.home, "snapshots", name, "config"), "broken");
