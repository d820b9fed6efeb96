import { execFileSync } from "node:child_process";
import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { sandboxName } from "../../../host.testing.ts";
import { type SandboxFolders, sandboxFolders } from "../sandbox-folders.ts";
import { findDiskSupport } from "./disk-support.ts";
import { loopDevicesOf } from "./loop-devices.testing.ts";
import { openSandboxDisks, type SandboxDisks } from "./sandbox-disks.ts";

const isRoot = process.geteuid?.() === 0;
const newFolder = async (): Promise<string> => {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), "threadbox-disks-"));
  onTestFinished(() => fs.rm(folder, { recursive: true, force: true }));
  return folder;
};

/** Mounts an image by hand, so that a fault of ours is not taken for a machine that cannot. */
const canMountByHand = async (): Promise<boolean> => {
  const folder = await newFolder();
  const script = "truncate -s 16M image; mkfs.ext4 -q -F image; mkdir mounted; mount -o loop image mounted";
  try {
    execFileSync("/usr/bin/unshare", ["--mount", "sh", "-euc", script], { cwd: folder, stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
};

const scratch = await fs.mkdtemp(path.join(os.tmpdir(), "threadbox-disks-"));
const support = await findDiskSupport(scratch, isRoot);
await fs.rm(scratch, { recursive: true });

test("disk images are used exactly where one can be mounted by hand", async () => {
  expect(support.kind).toBe((await canMountByHand()) ? "images" : "folders");
});

test("an ordinary user is told why there are no disk images", async () => {
  expect(await findDiskSupport(await newFolder(), false)).toEqual({
    kind: "folders",
    reason: "mounting a disk image needs root",
  });
});

const user = isRoot ? { uid: 0x70000002, gid: 0x70000002 } : undefined;
let folders: SandboxFolders;
beforeEach(async () => {
  folders = sandboxFolders(await newFolder(), sandboxName());
});
const open = (over: { readonly wantsImages?: boolean } = {}): Promise<SandboxDisks> =>
  openSandboxDisks(folders, { support, wantsImages: true, limits: { mib: 64, files: 1_000 }, user, ...over });

const workspaceFile = (disks: SandboxDisks, name: string): string => path.join(disks.paths.workspace, name);

test("a sandbox that has folders keeps them", async () => {
  const first = await open({ wantsImages: false });
  await fs.writeFile(workspaceFile(first, "kept"), "kept");
  await first.close();
  const second = await open();
  expect(second.namespace).toBeUndefined();
  expect(await fs.readFile(workspaceFile(second, "kept"), "utf8")).toBe("kept");
});

describe.skipIf(support.kind === "folders")("a disk image", () => {
  const openImage = async (): Promise<SandboxDisks> => {
    const disks = await open();
    onTestFinished(() => disks.close());
    return disks;
  };

  test("keeps its files from one opening to the next and belongs to the sandbox's user", async () => {
    const first = await openImage();
    await fs.writeFile(workspaceFile(first, "kept"), "kept");
    expect((await fs.stat(first.paths.workspace)).uid).toBe(user?.uid);
    await first.close();
    const second = await openImage();
    expect(await fs.readFile(workspaceFile(second, "kept"), "utf8")).toBe("kept");
    expect(await fs.readdir(second.paths.home)).toEqual([]);
  });

  test("A55: holds about as many bytes and files as allowed, then ENOSPC, and the other disk has room", async () => {
    const disks = await openImage();
    const full = expect.objectContaining({ code: "ENOSPC" });
    let files = 0;
    const flood = async () => {
      for (; files < 2_000; files += 1) await fs.writeFile(workspaceFile(disks, String(files)), "");
    };
    await expect(flood()).rejects.toEqual(full);
    expect(files).toBeGreaterThan(950);
    expect(files).toBeLessThan(1_100);
    for (let one = 0; one < files; one += 1) await fs.unlink(workspaceFile(disks, String(one)));

    let mib = 0;
    const fill = async () => {
      for (; mib < 128; mib += 1) await fs.appendFile(workspaceFile(disks, "fill"), Buffer.alloc(1024 * 1024, 1));
    };
    await expect(fill()).rejects.toEqual(full);
    expect(mib).toBeGreaterThan(58);
    expect(mib).toBeLessThan(80);
    await fs.writeFile(path.join(disks.paths.home, "other"), Buffer.alloc(1024 * 1024, 1));
  });

  test("takes little of the machine while it is empty, and gives back what is removed", async () => {
    const blocksOf = async () => (await fs.stat(folders.images.workspace)).blocks / 2048;
    const first = await openImage();
    expect(await blocksOf()).toBeLessThan(8);
    await fs.writeFile(workspaceFile(first, "large"), Buffer.alloc(32 * 1024 * 1024, 1), { flush: true });
    expect(await blocksOf()).toBeGreaterThan(30);
    await fs.unlink(workspaceFile(first, "large"));
    await first.close();
    await expect.poll(blocksOf).toBeLessThan(8);
  });

  test("leaves no mount and no loop device when it is closed, and none for this process to see before", async () => {
    const disks = await openImage();
    expect(await loopDevicesOf(folders.kept)).toHaveLength(2);
    expect(await fs.readFile("/proc/self/mountinfo", "utf8")).not.toContain("threadbox-disks");
    await disks.close();
    await expect.poll(() => loopDevicesOf(folders.kept)).toEqual([]);
  });

  test("allows no device and no set-user-id program", async () => {
    const disks = await openImage();
    const pid = disks.namespace?.match(/\d+/)?.[0];
    const mounts = (await fs.readFile(`/proc/${pid}/mountinfo`, "utf8")).split("\n");
    const options = mounts.filter((line) => line.includes(" ext4 /dev/loop")).map((line) => line.split(" ")[5]);
    expect(options).toHaveLength(2);
    for (const one of options) expect(one).toMatch(/nosuid,nodev/);
  });

  test("is not made twice, and a draft of one does not count", async () => {
    await fs.mkdir(folders.kept, { recursive: true });
    await fs.writeFile(`${folders.images.workspace}.left.next`, "");
    const disks = await openImage();
    await fs.writeFile(workspaceFile(disks, "kept"), "");
    await disks.close();
    expect(await fs.readdir((await openImage()).paths.workspace)).toEqual(["kept"]);
  });
});
