import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { SandboxName } from "@threadbox/contracts/ids";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loopDevicesOf } from "./engines/local/disks/loop-devices.testing.ts";
import { sandboxFolders } from "./engines/local/sandbox-folders.ts";
import { measureFolders } from "./files/measure.ts";
import { ensureBody, openCodeAuthorization, openTestHost, sandboxName, type TestHost } from "./host.testing.ts";
import { requireSandboxes } from "./require-sandboxes.testing.ts";

const mib = 1024 * 1024;
const limits = { SANDBOX_DISK_MIB: "64", SANDBOX_DISK_FILES: "2000" };
const flood = (count: number): readonly string[] => [
  "perl",
  "-e",
  `mkdir "flood"; for (1 .. ${count}) { open(my $file, ">", "flood/$_") or die "$!\\n" } sleep 600`,
];

const put = (host: TestHost, name: SandboxName, generation: number): Promise<unknown> =>
  host.json(`/sandboxes/${name}`, { method: "PUT", body: ensureBody(generation) });

const answers = async (host: TestHost, name: SandboxName): Promise<void> => {
  expect(await host.exec(name, ["echo", "here"])).toMatchObject({ exitCode: 0, stdout: "here\n" });
  const health = await host.json(`/sandboxes/${name}/ports/4096/global/health`, { headers: openCodeAuthorization });
  expect(health).toMatchObject({ healthy: true });
};

const images = await requireSandboxes(() => openTestHost(limits));
const usesImages = images?.host.disks === "images";

describe.skipIf(!usesImages)("a sandbox on disk images", () => {
  const [name, other] = [sandboxName(), sandboxName()];
  const at = `/sandboxes/${name}`;
  let host: TestHost;

  beforeAll(async () => {
    if (images === undefined) return;
    host = images;
    await Promise.all([put(host, name, 1), put(host, other, 1)]);
  });

  /** What the machine holds for all sandboxes of this host. */
  const taken = async () => (await measureFolders([host.state])).get(host.state) ?? { bytes: 0, files: 0 };

  test("A55: a flood of small files ends with ENOSPC inside, the machine is not touched, and every sandbox answers", async () => {
    const before = await taken();
    expect(await host.exec(name, flood(1_000_000))).toMatchObject({ stderr: "No space left on device\n" });
    expect((await taken()).files).toBe(before.files);
    expect((await taken()).bytes - before.bytes).toBeLessThan(16 * mib);
    await answers(host, name);
    await answers(host, other);
    const refused = await host.request(`${at}/files?path=a`, { method: "PUT", body: "a" });
    expect([refused.status, await refused.json()]).toMatchObject([
      413,
      { error: { _tag: "QuotaExceeded", message: "The workspace is full." } },
    ]);
    expect(await host.exec(name, ["rm", "-r", "flood"])).toMatchObject({ exitCode: 0 });
  });

  test("A55: so does a workspace that is filled, and what is removed makes room", async () => {
    const before = await taken();
    const full = await host.exec(name, ["dd", "if=/dev/zero", "of=fill", "bs=1M", "count=1000"]);
    expect(full.stderr).toContain("No space left on device");
    expect((await taken()).bytes - before.bytes).toBeLessThan(96 * mib);
    await answers(host, name);
    await answers(host, other);
    expect((await host.request(`${at}/files?path=fill`, { method: "DELETE" })).status).toBe(204);
    expect((await host.request(`${at}/files?path=a`, { method: "PUT", body: "a" })).status).toBe(204);
  });

  test("A55: a sparse file takes nothing of the machine until it is filled, and then no more than the workspace", async () => {
    const before = await taken();
    const script = "truncate -s 3G sparse && dd if=/dev/zero of=sparse bs=1M conv=notrunc; rm sparse";
    expect((await host.exec(name, ["sh", "-c", script])).stderr).toContain("No space left on device");
    expect((await host.exec(name, ["sh", "-c", "! truncate -s 10G sparse; rm sparse"])).exitCode).toBe(0);
    expect((await taken()).bytes - before.bytes).toBeLessThan(96 * mib);
    await answers(host, other);
  });

  test("nothing can be put beside the socket by which the host talks to its sandbox", async () => {
    const program = 'for (1 .. 10) { open(my $file, ">", "/run/threadbox/control/$_") and print "written" } print "$!"';
    expect(await host.exec(name, ["perl", "-e", program])).toMatchObject({ stdout: "Permission denied" });
  });

  test("files are there while it sleeps, and removal leaves no image, mount or loop device", async () => {
    await host.request(`${at}?keepWorkspace=true`, { method: "DELETE" });
    const kept = path.join(host.state, "sandboxes", name);
    await expect.poll(() => loopDevicesOf(kept)).toEqual([]);
    expect(await (await host.request(`${at}/files?path=a`)).text()).toBe("a");
    expect(await host.json(`${at}/entries`)).toMatchObject({ entries: [{ name: "a", kind: "file", sizeBytes: 1 }] });
    await host.request(at, { method: "DELETE" });
    expect((await host.request(`${at}/files?path=a`)).status).toBe(404);
    await expect.poll(() => loopDevicesOf(kept)).toEqual([]);
    expect(await measureFolders([kept])).toEqual(new Map([[kept, { bytes: 0, files: 0 }]]));
  });
});

afterAll(() => images?.close());

const folders = await requireSandboxes(() => openTestHost({ ...limits, SANDBOX_DISKS: "folders" }));

describe.skipIf(folders === undefined)("a sandbox on folders", () => {
  const [name, other] = [sandboxName(), sandboxName()];
  let host: TestHost;

  beforeAll(async () => {
    if (folders === undefined) return;
    host = folders;
    await Promise.all([put(host, name, 1), put(host, other, 1)]);
  });
  afterAll(() => folders?.close());

  const isEnded = async (argv: readonly string[], reason: string) => {
    expect(await host.exec(name, argv)).toMatchObject({ error: { _tag: "SandboxInterrupted", message: reason } });
    expect(await host.json(`/sandboxes/${name}`)).toMatchObject({ status: "failed", reason });
    await answers(host, other);
  };

  test("A55: a flood of small files ends the sandbox long before it is over, with the reason, and no other one", async () => {
    await isEnded(flood(1_000_000), "The workspace holds too many files (2000).");
    const { workspace } = sandboxFolders(host.state, name).disks;
    expect((await measureFolders([workspace])).get(workspace)?.files).toBeLessThan(500_000);
  });

  test("it can be started again to be cleaned up", async () => {
    expect(await put(host, name, 2)).toMatchObject({ status: "ready" });
    expect(await host.exec(name, ["rm", "-r", "flood"])).toMatchObject({ exitCode: 0 });
    await answers(host, name);
  });

  test("A55: so does a workspace that is filled", async () => {
    expect(await put(host, name, 3)).toMatchObject({ status: "ready" });
    const script = "head -c 128M /dev/zero >fill; sleep 600";
    await isEnded(["sh", "-c", script], "The workspace is full (64 MB).");
  });

  test("A55: and a home, in folders that nobody may look into", async () => {
    expect(await put(host, name, 4)).toMatchObject({ status: "ready" });
    // Neither is too much by itself, and each is closed as soon as it is written.
    const script =
      "for one in a b; do mkdir ~/$one; head -c 48M /dev/zero >~/$one/fill; chmod 0 ~/$one; done; sleep 600";
    await isEnded(["sh", "-c", script], "The home folder is full (64 MB).");
    const { home } = sandboxFolders(host.state, name).disks;
    for (const one of ["a", "b"]) await fs.chmod(path.join(home, one), 0o700);
  });
});
