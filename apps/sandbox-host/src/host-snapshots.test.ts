import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import type { SandboxName } from "@threadbox/contracts/ids";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { sandboxFolders } from "./engines/local/sandbox-folders.ts";
import { ensureBody, openCodeAuthorization, openTestHost, sandboxName, type TestHost } from "./host.testing.ts";
import { requireSandboxes } from "./require-sandboxes.testing.ts";

const snapshots = await fs.mkdtemp(path.join(os.tmpdir(), "threadbox-snapshots-"));
const environment = {
  SANDBOX_SNAPSHOTS: snapshots,
  SANDBOX_SNAPSHOT_KEY: "key-of-the-snapshots-0123456789abcdef",
  SANDBOX_DISK_MIB: "256",
  SANDBOX_DISK_FILES: "30000",
};
const found = await requireSandboxes(() => openTestHost(environment));

/** What is made in a workspace, and how it is described before and after. */
const things: readonly { readonly what: string; readonly make: string; readonly look: string }[] = [
  { what: "a mode", make: "echo a >mode; chmod 4751 mode", look: "stat -c %a mode" },
  { what: "a file nobody may read", make: "echo a >closed; chmod 0 closed", look: "stat -c '%a %s' closed" },
  {
    what: "a closed folder",
    make: "mkdir shut; echo a >shut/in; chmod 0 shut",
    look: "chmod 700 shut; cat shut/in; chmod 0 shut; stat -c %a shut",
  },
  { what: "a link", make: "ln -s ../outside/\\$x link", look: "readlink link" },
  { what: "a hard link", make: "echo a >one; ln one two", look: "stat -c %h one two; [ one -ef two ]" },
  { what: "a time to the nanosecond", make: "touch -d '2020-01-02 03:04:05.123456789' time", look: "stat -c %y time" },
  {
    what: "a folder's time",
    make: "mkdir old; echo a >old/in; touch -d '2019-01-02 03:04:05.987654321' old",
    look: "stat -c %y old",
  },
  { what: "an empty folder", make: "mkdir -p empty/deep", look: "ls -A empty/deep | wc -l" },
  { what: "a named pipe", make: "mkfifo pipe", look: "stat -c %F pipe" },
  {
    what: "a sparse file",
    make: "truncate -s 40M sparse; printf z | dd of=sparse bs=1 seek=30000000 conv=notrunc 2>&1",
    look: "md5sum sparse; stat -c %s sparse; [ $(du -k sparse | cut -f 1) -lt 1000 ] && echo sparse",
  },
  { what: "an odd name", make: "echo a >\"$(printf 'two\\nlines \\377')\"", look: "cat two*" },
  {
    what: "what git ignores",
    make: "git init -q; echo ignored >.gitignore; echo a >ignored; echo a >untracked",
    look: "cat ignored untracked; git status --porcelain | sort",
  },
];

describe.skipIf(found === undefined)("snapshots", () => {
  let host: TestHost;
  beforeAll(() => {
    if (found !== undefined) host = found;
  });
  afterAll(async () => {
    await found?.close();
    await fs.rm(snapshots, { recursive: true, force: true });
  });

  /** However slow the machine is. */
  const start = async (name: SandboxName, generation: number, over: object = {}, at = host): Promise<unknown> => {
    for (;;) {
      const body = ensureBody(generation, over);
      const answer = (await at.json(`/sandboxes/${name}`, { method: "PUT", body })) as { status?: string };
      if (answer.status !== "starting") return answer;
    }
  };
  const save = (name: SandboxName, at: TestHost = host): Promise<unknown> =>
    at.json(`/sandboxes/${name}/snapshots`, { method: "POST", body: JSON.stringify({ cause: "turn" }) });
  const run = async (name: SandboxName, script: string): Promise<string> => {
    const { exitCode, stdout, stderr } = await host.exec(name, ["sh", "-c", script]);
    return exitCode === 0 ? stdout : `${exitCode}: ${stdout}${stderr}`;
  };
  /** Ends the sandbox, and its disks are no more. */
  const lose = async (name: SandboxName): Promise<void> => {
    await host.request(`/sandboxes/${name}?keepWorkspace=true`, { method: "DELETE" });
    await host.request(`/sandboxes/${name}/entries`);
    await fs.rm(sandboxFolders(host.state, name).kept, { recursive: true });
  };

  test("a save tells of a disk without room, until there is some", async () => {
    const name = sandboxName();
    await start(name, 1);
    expect(await run(name, "head -c 400M /dev/zero >fill")).toContain("No space left on device");
    const isImage = host.host.disks === "images";
    expect(await save(name)).toMatchObject(isImage ? { isDiskFull: true } : {});
    expect(await run(name, "rm fill")).toBe("");
    expect(await save(name)).not.toHaveProperty("isDiskFull");
    await host.request(`/sandboxes/${name}`, { method: "DELETE" });
  });

  test("a sandbox whose disks are lost comes back exactly as it was saved", async () => {
    const name = sandboxName();
    expect(await start(name, 1)).toMatchObject({ status: "ready" });
    for (const { make } of things) expect(await run(name, make)).not.toMatch(/^\d+: /);
    const look = async () =>
      Object.fromEntries(
        await Promise.all(things.map(async ({ what, look: script }) => [what, await run(name, script)] as const)),
      );
    const before = await look();
    expect(await save(name)).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8,}$/),
      at: expect.any(Number),
      bytes: expect.any(Number),
    });
    await lose(name);
    expect(await start(name, 2)).toMatchObject({ status: "ready" });
    expect(await look()).toEqual(before);
  });

  const filesIn = async (folder: string): Promise<readonly string[]> =>
    (await fs.readdir(folder, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name));

  test("deletions are saved too, and a start whose disks are there uses those, however old the snapshot is", async () => {
    const name = sandboxName();
    await start(name, 1);
    await run(name, "mkdir gone; echo a >gone/a; echo 1 >kept");
    await save(name);
    await run(name, "rm -r gone; echo 2 >kept");
    await save(name);
    await run(name, "echo 3 >kept");
    await host.request(`/sandboxes/${name}?keepWorkspace=true`, { method: "DELETE" });
    await start(name, 2);
    expect(await run(name, "cat kept; ls")).toBe("3\nkept\n");
    await lose(name);
    await start(name, 3);
    expect(await run(name, "cat kept; ls")).toBe("2\nkept\n");
  });

  test("no credential leaves with a snapshot, and nothing of it can be read without the key", async () => {
    const name = sandboxName();
    await start(name, 1, { files: [{ path: ".local/share/opencode/auth.json", content: "canary-login" }] });
    await run(name, "echo canary-npm >~/.npmrc; echo words-of-the-user >words");
    await save(name);
    for (const file of await filesIn(path.join(snapshots, name))) {
      expect((await fs.readFile(file)).includes("words-of-the-user")).toBe(false);
    }
    await lose(name);
    await start(name, 2);
    expect(await run(name, "cat words; grep -rl canary ~ /workspace | wc -l")).toBe("words-of-the-user\n0\n");
  });

  test("OpenCode goes on with the session it had, though it was writing while it was saved", async () => {
    const name = sandboxName();
    await start(name, 1);
    const openCode = async (at: string, init: RequestInit = {}): Promise<unknown> =>
      host.json(`/sandboxes/${name}/ports/4096${at}`, {
        ...init,
        headers: { ...openCodeAuthorization, "content-type": "application/json" },
      });
    const { id } = (await openCode("/session", { method: "POST", body: JSON.stringify({ title: "Kept" }) })) as {
      id: string;
    };
    await save(name);
    await lose(name);
    await start(name, 2);
    expect(await openCode(`/session/${id}`)).toMatchObject({ id, title: "Kept" });
  });

  test("a second save of the same files adds next to nothing, and of one changed file little more than that", async () => {
    const name = sandboxName();
    await start(name, 1);
    await run(name, "for n in $(seq 40); do head -c 200000 /dev/urandom >file$n; done");
    const first = (await save(name)) as { bytes: number };
    const second = (await save(name)) as { bytes: number };
    expect(first.bytes).toBeGreaterThan(8_000_000);
    expect(second.bytes - first.bytes).toBeLessThan(200_000);
    await run(name, "echo changed >>file7");
    expect(((await save(name)) as { bytes: number }).bytes - second.bytes).toBeLessThan(600_000);
  });

  test("a removed sandbox leaves no snapshot, also where one is just being made", async () => {
    const name = sandboxName();
    await start(name, 1);
    await run(name, "head -c 50000000 /dev/urandom >large");
    const saving = save(name);
    await expect.poll(() => fs.readdir(snapshots)).toContain(name);
    await host.request(`/sandboxes/${name}`, { method: "DELETE" });
    expect(await saving).toMatchObject({ error: { message: "The sandbox was removed." } });
    expect(await fs.readdir(snapshots)).not.toContain(name);
  });

  test("files that could not be brought back are not saved, and the reason is a sentence", async () => {
    const name = sandboxName();
    await start(name, 1);
    await run(name, "truncate -s 600M sparse");
    expect(await save(name)).toMatchObject({
      error: { _tag: "QuotaExceeded", message: "The files are larger than 512 MiB, holes included." },
    });
    expect(await save(sandboxName())).toMatchObject({
      error: { _tag: "NotFound" },
    });
  });

  test("a host that stops saves what ran, and another one with nothing but the snapshots brings it back", async () => {
    const first = await openTestHost(environment);
    if ("refusal" in first) throw new Error(first.refusal);
    const name = sandboxName();
    await start(name, 1, {}, first);
    await first.exec(name, ["sh", "-c", "echo last-words >words"]);
    // However slow the machine is.
    await first.close(60_000);
    await start(name, 2);
    expect(await run(name, "cat words")).toBe("last-words\n");
  });

  test("a lock that a killed process left in the repository keeps nobody out", async () => {
    const name = sandboxName();
    await start(name, 1);
    await run(name, "echo 1 >kept");
    await save(name);
    const lock = path.join(snapshots, name, "locks", "0".repeat(64));
    await fs.writeFile(lock, "");
    expect(await save(name)).toMatchObject({ id: expect.any(String) });
    expect(await fs.readdir(path.dirname(lock))).toEqual([]);
    await fs.writeFile(lock, "");
    await lose(name);
    expect(await start(name, 2)).toMatchObject({ status: "ready" });
    expect(await run(name, "cat kept")).toBe("1\n");
  });

  test("a restore that was cut short is begun again: what it had brought back counts for nothing", async () => {
    const name = sandboxName();
    await start(name, 1);
    await run(name, "echo whole >kept");
    await save(name);
    await run(name, "echo half >kept; echo half >more");
    await host.request(`/sandboxes/${name}?keepWorkspace=true`, { method: "DELETE" });
    await host.request(`/sandboxes/${name}/entries`);
    await fs.writeFile(path.join(sandboxFolders(host.state, name).kept, "restoring"), "workspace home");
    await start(name, 2);
    expect(await run(name, "cat kept; ls")).toBe("whole\nkept\n");
  });

  test("what can't be brought back is told at every start and kept, and whoever forgoes it starts empty and is saved again", async () => {
    const name = sandboxName();
    await start(name, 1);
    await run(name, "echo 1 >kept");
    await save(name);
    await lose(name);
    await fs.writeFile(path.join(snapshots, name, "config"), "broken");
    const refused = { error: { _tag: "StoreUnavailable", message: "The saved files couldn't be brought back." } };
    expect(await start(name, 2)).toMatchObject(refused);
    expect(await start(name, 3)).toMatchObject(refused);
    // Nothing was brought back, so there is nothing to save or to look at, and nobody tries the restore but a start.
    expect(await save(name)).toMatchObject({ error: { _tag: "NotFound" } });
    expect(await host.json(`/sandboxes/${name}/entries`)).toMatchObject({ error: { _tag: "NotFound" } });
    expect(await start(name, 4, { startsEmpty: true })).toMatchObject({ status: "ready" });
    expect(await run(name, "ls; echo 2 >kept")).toBe("");
    const kept = (await fs.readdir(snapshots)).filter((entry) => entry.startsWith(`${name}.aside-`));
    expect(await Promise.all(kept.map((entry) => fs.readdir(path.join(snapshots, entry, "snapshots"))))).toEqual([
      [expect.any(String)],
    ]);
    await save(name);
    await lose(name);
    await start(name, 5);
    expect(await run(name, "cat kept")).toBe("2\n");
    await host.request(`/sandboxes/${name}`, { method: "DELETE" });
    expect((await fs.readdir(snapshots)).filter((entry) => entry.startsWith(name))).toEqual([]);
  });

  test("a start that may begin empty takes nothing from disks that are there", async () => {
    const name = sandboxName();
    await start(name, 1);
    await run(name, "echo 1 >kept");
    await save(name);
    await host.request(`/sandboxes/${name}?keepWorkspace=true`, { method: "DELETE" });
    await start(name, 2, { startsEmpty: true });
    expect(await run(name, "cat kept")).toBe("1\n");
  });

  test("a sandbox's snapshots have a bound: old ones are given up for it first, then it is said", async () => {
    const bounded = await openTestHost({ ...environment, SANDBOX_SNAPSHOT_MIB: "64" });
    if ("refusal" in bounded) throw new Error(bounded.refusal);
    onTestFinished(() => bounded.close());
    const name = sandboxName();
    await start(name, 1, {}, bounded);
    const saveRandom = async (mb: number): Promise<unknown> => {
      await bounded.exec(name, ["sh", "-c", `head -c ${mb}000000 /dev/urandom >random`]);
      return save(name, bounded);
    };
    const count = async () => (await fs.readdir(path.join(snapshots, name, "snapshots"))).length;
    await saveRandom(40);
    await saveRandom(40);
    expect(await count()).toBe(2);
    await saveRandom(80);
    expect(await count(), "the newest of before, and the new one").toBe(2);
    expect(await saveRandom(1)).toMatchObject({
      error: { _tag: "QuotaExceeded", message: expect.stringContaining("more than 64 MiB") },
    });
    expect(await count()).toBe(1);
  });
});
