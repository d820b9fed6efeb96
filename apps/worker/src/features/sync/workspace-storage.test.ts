import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { WorkspaceStorage } from "./workspace-storage.ts";

const bucket = env.WORKSPACE_BUCKET;
const textOf = (bytes: ArrayBuffer | null) => (bytes === null ? null : new TextDecoder().decode(bytes));
let serial = 0;
const open = () => {
  serial += 1;
  const id = `storage-${serial}`;
  return { id, storage: new WorkspaceStorage(bucket, id) };
};
const keysBelow = async (prefix: string) => (await bucket.list({ prefix })).objects.map(({ key }) => key);

describe("S4.24–S4.28: the files of a sandbox in a bucket", () => {
  test("lie below workspaces/, the sandbox's id and their path", async () => {
    const { id, storage } = open();
    await storage.saveFile("src/a.ts", "one");
    await storage.saveFile("b.bin", new Uint8Array([0, 255]).buffer);
    expect(await keysBelow(`workspaces/${id}/`)).toEqual([`workspaces/${id}/b.bin`, `workspaces/${id}/src/a.ts`]);
    expect(textOf(await storage.loadFile("src/a.ts"))).toBe("one");
    expect(new Uint8Array((await storage.loadFile("b.bin")) ?? new ArrayBuffer())).toEqual(new Uint8Array([0, 255]));
    expect(await storage.loadFile("absent")).toBeNull();
  });

  test("are listed all, by their paths, also when there are more than one page of them", async () => {
    const storage = new WorkspaceStorage(bucket, open().id, 3);
    const paths = Array.from({ length: 10 }, (_, at) => `f/${at}`);
    await Promise.all(paths.map((path) => storage.saveFile(path, "")));
    expect(await storage.listFiles()).toEqual(paths);
    await storage.deleteAllFiles();
    expect(await storage.listFiles()).toEqual([]);
  });

  test("are deleted without a rest, and none of another sandbox's", async () => {
    const [mine, other] = [open(), open()];
    // A neighbour whose id begins with this one's.
    const neighbour = new WorkspaceStorage(bucket, `${mine.id}0`);
    for (const { storage } of [mine, other]) await storage.saveFile("a", "x");
    await neighbour.saveFile("a", "x");
    await mine.storage.saveFile("b/c", "x");
    await mine.storage.deleteFile("a");
    expect(await mine.storage.listFiles()).toEqual(["b/c"]);
    await mine.storage.deleteAllFiles();
    expect(await keysBelow(`workspaces/${mine.id}/`)).toEqual([]);
    expect(await mine.storage.isEmpty()).toBe(true);
    expect(await other.storage.listFiles()).toEqual(["a"]);
    expect(await neighbour.listFiles()).toEqual(["a"]);
  });

  test.each(["", "/a", "a//b", "../x", "a/../../x", "a/./b", "a/", "x".repeat(1_100)])(
    "never have the path %j",
    async (path) => {
      const { storage } = open();
      expect(storage.takes(path)).toBe(false);
      await expect(storage.saveFile(path, "x")).rejects.toThrow();
    },
  );
});
