import { env } from "cloudflare:workers";
import type { FileEntry } from "@threadbox/contracts/sandbox-host";
import { Effect } from "effect";
import { expect, test } from "vitest";
import { copyWorkspace, type SyncedFiles, syncLimits } from "./copy-workspace.ts";
import { WorkspaceStorage } from "./workspace-storage.ts";

interface Held {
  readonly text: string;
  readonly at: number;
  readonly kind?: FileEntry["kind"];
  /** What is said of its size, where that isn't the text's. */
  readonly sizeBytes?: number;
}

let serial = 0;
const open = () => {
  serial += 1;
  const storage = new WorkspaceStorage(env.WORKSPACE_BUCKET, `copy-${serial}`);
  const held = new Map<string, Held>();
  const read: string[] = [];
  const files: SyncedFiles<never> = {
    list: (folder) => {
      const prefix = folder === "" ? "" : `${folder}/`;
      const names = new Map<string, FileEntry>();
      for (const [path, { text, at, kind = "file", sizeBytes = text.length }] of held) {
        if (!path.startsWith(prefix)) continue;
        const [name = "", ...rest] = path.slice(prefix.length).split("/");
        const entry = { name, kind, sizeBytes, modifiedAt: at };
        names.set(name, rest.length > 0 ? { ...entry, kind: "directory" } : entry);
      }
      return Effect.succeed([...names.values()]);
    },
    read: (path) => {
      read.push(path);
      const text = held.get(path)?.text ?? "";
      return Effect.succeed({ sizeBytes: text.length, stream: new Blob([text]).stream() });
    },
  };
  const copy = () => Effect.runPromise(copyWorkspace(files, storage));
  const copied = async (path: string) => new TextDecoder().decode((await storage.loadFile(path)) ?? undefined);
  return { storage, held, read, copy, copied };
};

test("a copy is what the workspace is; the next one moves what has changed alone", async () => {
  const { storage, held, read, copy, copied } = open();
  held.set("a", { text: "one", at: 1 }).set("b/c", { text: "two", at: 1 }).set("b/d/e", { text: "", at: 1 });
  expect(await copy()).toEqual({ files: 3, bytes: 6, uploaded: 3, removed: 0, skipped: 0 });
  expect([await copied("a"), await copied("b/c")]).toEqual(["one", "two"]);
  expect(await copy()).toMatchObject({ uploaded: 0, removed: 0 });
  read.length = 0;
  held.set("a", { text: "uno", at: 2 });
  held.delete("b/c");
  expect(await copy()).toEqual({ files: 2, bytes: 3, uploaded: 1, removed: 1, skipped: 0 });
  expect(read).toEqual(["a"]);
  expect(await storage.listFiles()).toEqual(["a", "b/d/e"]);
  expect(await copied("a")).toBe("uno");
});

test("links, devices, what is too large and what no key can name are left out, and counted", async () => {
  const { storage, held, copy } = open();
  held.set("ok", { text: "x", at: 1 });
  held.set("link", { text: "", at: 1, kind: "symlink" }).set("pipe", { text: "", at: 1, kind: "other" });
  held.set("large", { text: "", at: 1, sizeBytes: syncLimits.fileBytesMax + 1 });
  held.set("n".repeat(1_100), { text: "", at: 1 });
  expect(await copy()).toEqual({ files: 1, bytes: 1, uploaded: 1, removed: 0, skipped: 4 });
  expect(await storage.listFiles()).toEqual(["ok"]);
});

test("all files together stay within the bound of a copy", async () => {
  const { held, copy } = open();
  const half = syncLimits.bytesMax / 8;
  for (let at = 0; at < 10; at += 1) held.set(`f${at}`, { text: "", at: 1, sizeBytes: half });
  const { files, bytes, skipped } = await copy();
  expect([files, bytes, skipped]).toEqual([8, syncLimits.bytesMax, 2]);
});
