import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import type { SandboxName } from "@threadbox/contracts/ids";
import { beginningId } from "@threadbox/contracts/point-limits";
import type { HostedPoint, PointChanges } from "@threadbox/contracts/points";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sandboxFolders } from "./engines/local/sandbox-folders.ts";
import { ensureBody, openCodeAuthorization, openTestHost, sandboxName, type TestHost } from "./host.testing.ts";
import { requireSandboxes } from "./require-sandboxes.testing.ts";

const snapshots = await fs.mkdtemp(path.join(os.tmpdir(), "threadbox-points-"));
const environment = {
  SANDBOX_SNAPSHOTS: snapshots,
  SANDBOX_SNAPSHOT_KEY: "key-of-the-snapshots-0123456789abcdef",
  SANDBOX_DISK_MIB: "256",
  SANDBOX_DISK_FILES: "30000",
};
const found = await requireSandboxes(() => openTestHost(environment));

describe.skipIf(found === undefined)("points", () => {
  let host: TestHost;
  beforeAll(() => {
    if (found !== undefined) host = found;
  });
  afterAll(async () => {
    await found?.close();
    await fs.rm(snapshots, { recursive: true, force: true });
  });

  /** However slow the machine is. */
  const start = async (name: SandboxName, generation: number, over: object = {}): Promise<unknown> => {
    for (;;) {
      const body = ensureBody(generation, over);
      const answer = (await host.json(`/sandboxes/${name}`, { method: "PUT", body })) as { status?: string };
      if (answer.status !== "starting") return answer;
    }
  };
  const points = async (name: SandboxName): Promise<readonly HostedPoint[]> =>
    ((await host.json(`/sandboxes/${name}/snapshots`)) as { readonly points: readonly HostedPoint[] }).points;
  const save = async (name: SandboxName, point: object = { cause: "turn" }): Promise<{ readonly id: string }> => {
    const body = JSON.stringify(point);
    const saved = (await host.json(`/sandboxes/${name}/snapshots`, { method: "POST", body })) as {
      readonly id: string;
    };
    const [newest] = await points(name);
    expect(newest?.id.startsWith(saved.id)).toBe(true);
    return { id: newest?.id ?? "" };
  };
  const compare = (name: SandboxName, id: string): Promise<PointChanges> =>
    host.json(`/sandboxes/${name}/snapshots/${id}/changes`) as Promise<PointChanges>;
  const run = async (name: SandboxName, script: string): Promise<string> => {
    const { exitCode, stdout, stderr } = await host.exec(name, ["sh", "-c", script]);
    return exitCode === 0 ? stdout : `${exitCode}: ${stdout}${stderr}`;
  };
  const restore = (name: SandboxName, generation: number, id: string, after?: string): Promise<unknown> =>
    start(name, generation, { restore: { id, ...(after === undefined ? {} : { after }) } });

  test("points are told the newest first, with what each was made for and after which answer", async () => {
    const name = sandboxName();
    expect(await points(name)).toEqual([]);
    await start(name, 1);
    await run(name, "head -c 100000 /dev/zero >file");
    const first = await save(name, { cause: "turn", after: "answer_1" });
    const second = await save(name, { cause: "use" });
    const told = await points(name);
    expect(told).toMatchObject([
      { id: second.id, cause: "use", at: expect.any(Number) },
      { id: first.id, cause: "turn", after: "answer_1" },
    ]);
    expect(told[0]).not.toHaveProperty("after");
    expect(told[1]?.bytes).toBeGreaterThan(100_000);
  });

  test("a comparison tells what would come back, change and go, and folds what nobody reads file by file", async () => {
    const name = sandboxName();
    await start(name, 1);
    await run(
      name,
      "mkdir -p a/b empty .git; echo 1 >same; echo 1 >a/b/changed; echo 1 >lost; echo 1 >.git/x; echo 1 >mode",
    );
    const { id } = await save(name);
    expect(await compare(name, id)).toEqual({ back: 0, changed: 0, gone: 0, rows: [], isCut: false });
    await run(name, "echo 2 >a/b/changed; rm lost; rmdir empty; echo 3 >'new file'; ln -s same link; chmod 700 mode");
    await run(
      name,
      "mkdir -p more p/node_modules/q .threadbox-removed; echo >.git/y; echo >.git/z; echo >p/node_modules/q/r",
    );
    const changes = await compare(name, id);
    expect(changes).toEqual({
      back: 2,
      changed: 2,
      gone: 6,
      isCut: false,
      rows: [
        { path: ".git", change: "gone", files: 2 },
        { path: "a/b/changed", change: "changed" },
        { path: "empty/", change: "back" },
        { path: "link", change: "gone" },
        { path: "lost", change: "back" },
        { path: "mode", change: "changed" },
        { path: "more/", change: "gone" },
        { path: "new file", change: "gone" },
        { path: "p/node_modules", change: "gone", files: 1 },
      ],
    });
    expect(await compare(name, beginningId)).toMatchObject({ back: 0, changed: 0, isCut: false });
    expect(await compare(name, "0".repeat(64))).toMatchObject({
      error: { _tag: "NotFound", message: "This point isn't kept any more." },
    });
    await run(name, "for n in $(seq 1000); do echo >many$n; done");
    const many = await compare(name, id);
    expect(many).toMatchObject({ gone: 1006, isCut: true });
    expect(many.rows).toHaveLength(300);
  });

  test("a restore brings exactly those files, what was there becomes a point, and OpenCode's sessions stay", async () => {
    const name = sandboxName();
    await start(name, 1);
    await run(name, "mkdir d; echo 1 >d/kept; echo 1 >lost; touch -d '2020-01-02 03:04:05.123456789' d/kept");
    const { id } = await save(name, { cause: "turn", after: "answer_1" });
    const openCode = async (at: string, init: RequestInit = {}): Promise<unknown> =>
      host.json(`/sandboxes/${name}/ports/4096${at}`, {
        ...init,
        headers: { ...openCodeAuthorization, "content-type": "application/json" },
      });
    const session = (await openCode("/session", { method: "POST", body: JSON.stringify({ title: "Later" }) })) as {
      id: string;
    };
    await run(name, "echo 2 >d/kept; rm lost; echo 2 >more; sleep 1000 >/dev/null 2>&1 &");
    expect(await restore(name, 2, id, "answer_2")).toMatchObject({ status: "ready", generation: 2 });
    expect(await run(name, "cat d/kept lost; ls; stat -c %y d/kept; pgrep -c sleep || true")).toBe(
      "1\n1\nd\nlost\n2020-01-02 03:04:05.123456789 +0000\n0\n",
    );
    expect(await openCode(`/session/${session.id}`)).toMatchObject({ title: "Later" });
    const [before] = await points(name);
    expect(before).toMatchObject({ cause: "restore", after: "answer_2" });
    expect(await restore(name, 3, before?.id ?? "", "answer_1")).toMatchObject({ status: "ready" });
    expect(await run(name, "cat d/kept more; ls")).toBe("2\n2\nd\nmore\n");
    expect(await restore(name, 4, beginningId)).toMatchObject({ status: "ready" });
    expect(await run(name, "ls -A")).toBe("");
    expect(await points(name)).toHaveLength(4);
  });

  /** Ends the sandbox; its files are there without it. */
  const stop = (name: SandboxName): Promise<unknown> =>
    host.request(`/sandboxes/${name}?keepWorkspace=true`, { method: "DELETE" });
  const at = (name: SandboxName, file: string): string => `/sandboxes/${name}/files?path=${file}`;
  const write = async (name: SandboxName, file: string, body: string): Promise<void> => {
    expect((await host.request(at(name, file), { method: "PUT", body })).status).toBe(204);
  };
  const filesOf = async (name: SandboxName): Promise<Readonly<Record<string, string>>> => {
    const { entries } = (await host.json(`/sandboxes/${name}/entries`)) as { entries: readonly { name: string }[] };
    const read = entries.map(async (entry) => [entry.name, await (await host.request(at(name, entry.name))).text()]);
    return Object.fromEntries(await Promise.all(read));
  };

  test("a restore that fails leaves the files as they were", async () => {
    const name = sandboxName();
    await start(name, 1);
    await stop(name);
    await write(name, "kept", "1");
    const { id } = await save(name);
    await write(name, "kept", "2");
    expect(await restore(name, 2, "0".repeat(64))).toMatchObject({ error: { _tag: "NotFound" } });
    expect(await filesOf(name)).toEqual({ kept: "2" });
    const config = path.join(snapshots, name, "config");
    const whole = await fs.readFile(config);
    await fs.writeFile(config, "broken");
    // Told at once, or where it takes its time by how the start has ended.
    const told = (await restore(name, 3, id)) as { readonly error?: object; readonly status?: string };
    expect(told.error === undefined ? told.status : "failed").toBe("failed");
    expect(await filesOf(name)).toEqual({ kept: "2" });
    await fs.writeFile(config, whole);
    const { kept } = sandboxFolders(host.state, name);
    expect((await fs.readdir(kept)).filter((entry) => /next|former|replacing/.test(entry))).toEqual([]);
  });

  test("whatever is edited, restored and taken back in two threads, each has its own files, and nothing is lost", async () => {
    const seed = Number(process.env.POINTS_SEED ?? Date.now() % 1_000_000);
    let state = seed;
    const random = (below: number): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    interface Thread {
      readonly name: SandboxName;
      generation: number;
      files: Readonly<Record<string, string>>;
      readonly kept: Map<string, Readonly<Record<string, string>>>;
    }
    const begun = async (): Promise<Thread> => {
      const name = sandboxName();
      await start(name, 1);
      await stop(name);
      return { name, generation: 1, files: {}, kept: new Map([[beginningId, {}]]) };
    };
    const threads = await Promise.all([begun(), begun()]);
    const restoreIn = async (thread: Thread, id: string): Promise<void> => {
      thread.generation += 1;
      expect(await restore(thread.name, thread.generation, id)).toMatchObject({ status: "ready" });
      await stop(thread.name);
      const [undo] = await points(thread.name);
      expect(undo?.cause).toBe("restore");
      thread.kept.set(undo?.id ?? "", thread.files);
      thread.files = thread.kept.get(id) ?? {};
    };
    let restores = 0;
    for (let step = 0; step < 30 && restores < 5; step += 1) {
      const thread = threads[random(2)] ?? threads[0];
      const deed = random(6);
      const file = `file${random(4)}`;
      if (deed < 3) {
        await write(thread.name, file, `${step}`);
        thread.files = { ...thread.files, [file]: `${step}` };
      } else if (deed === 3 && file in thread.files) {
        await host.request(at(thread.name, file), { method: "DELETE" });
        const { [file]: _, ...rest } = thread.files;
        thread.files = rest;
      } else if (deed === 4) thread.kept.set((await save(thread.name)).id, thread.files);
      else if (deed === 5) {
        restores += 1;
        const ids = [...thread.kept.keys()];
        // The last one is what leads back, as often as not.
        await restoreIn(thread, (random(2) === 0 ? ids.at(-1) : ids[random(ids.length)]) ?? beginningId);
      }
      if (deed < 5) continue;
      for (const { name, files } of threads) expect(await filesOf(name), `seed ${seed}, step ${step}`).toEqual(files);
    }
    for (const { name, kept } of threads) {
      const ids = (await points(name)).map(({ id }) => id);
      expect([...kept.keys()].filter((id) => id !== beginningId && !ids.includes(id))).toEqual([]);
    }
  }, 900_000);

  test("a sandbox that has nothing yet begins with another's point, whose own files and points stay as they are", async () => {
    const [first, offshoot] = [sandboxName(), sandboxName()];
    await start(first, 1);
    await run(
      first,
      "mkdir -p a; echo then >a/file; ln -s a/file link; mkdir -p ~/.local/share/opencode; echo x >~/own",
    );
    const { id } = await save(first, { cause: "turn", after: "answer_1" });
    await run(first, "echo now >a/file; echo later >more");
    const before = await points(first);
    const origin = { name: first, id };
    expect(await start(offshoot, 1, { origin })).toMatchObject({ status: "ready" });
    expect(await run(offshoot, "cat a/file link; ls; ls ~/own 2>&1 | wc -l; cat more 2>/dev/null || echo none")).toBe(
      "then\nthen\na\nlink\n1\nnone\n",
    );
    expect(await run(offshoot, "ls ~/.local/share/opencode/opencode.db >/dev/null && echo there")).toBe("there\n");
    // From then on its files are its own: the next start brings nothing.
    await run(offshoot, "echo mine >a/file");
    expect(await start(offshoot, 2, { origin })).toMatchObject({ status: "ready" });
    expect(await run(offshoot, "cat a/file")).toBe("mine\n");
    expect(await run(first, "cat a/file more")).toBe("now\nlater\n");
    expect(await points(first)).toEqual(before);
    expect((await fs.readdir(snapshots)).filter((each) => each.startsWith(offshoot))).toEqual([]);
  });

  test("a sandbox whose origin isn't kept does not begin empty by itself", async () => {
    const [first, offshoot] = [sandboxName(), sandboxName()];
    const origin = { name: first, id: "0".repeat(64) };
    expect(await start(offshoot, 1, { origin })).toMatchObject({
      error: { _tag: "StoreUnavailable", message: "The point that this thread begins with isn't kept any more." },
    });
    expect(await start(offshoot, 2, { startsEmpty: true })).toMatchObject({ status: "ready" });
    expect(await run(offshoot, "ls")).toBe("");
  });
});
