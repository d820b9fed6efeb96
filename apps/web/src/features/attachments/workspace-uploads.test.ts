import type { FileEntry } from "@threadbox/contracts/sandbox-host";
import { expect, test } from "vitest";
import { WireFailure } from "../errors/index.ts";
import { deviceUrl } from "./attached.ts";
import { WorkspaceUploads } from "./workspace-uploads.ts";

const later = () => new Promise((resolve) => setImmediate(resolve));

const part = (id: string, filename: string) => ({
  type: "file" as const,
  mediaType: "text/plain",
  filename,
  url: deviceUrl(id),
  providerMetadata: { threadbox: { sizeBytes: 1 } },
});

const entry = (name: string): FileEntry => ({ name, kind: "file", sizeBytes: 1, modifiedAt: 0 });

/** A worker whose folder of uploads holds these, and which meets each upload as the test says. */
const line = (present: readonly string[] | null, faults: (WireFailure | null)[] = []) => {
  const asked: string[] = [];
  const saved: string[] = [];
  const pauses: number[] = [];
  /** What arrives although nobody is told so. */
  const unheard: string[] = [];
  const kept = new Map(["1", "2", "3"].map((id) => [deviceUrl(id), new Blob([id])]));
  const uploads = new WorkspaceUploads({
    calls: {
      list: async () => ({
        folders: [{ path: "uploads", entries: present === null ? null : [...present, ...unheard].map(entry) }],
      }),
      upload: async (path, _, onSent) => {
        asked.push(path);
        onSent(1);
        const fault = faults.shift() ?? null;
        if (fault?.message === "unheard") unheard.push(path.slice("uploads/".length));
        if (fault !== null) throw fault;
        return { version: "v" };
      },
      fetchBytes: async (path) => new Blob([path.endsWith("a") ? "1" : "x"]),
      save: async (path) => {
        saved.push(path);
        return { version: "v" };
      },
      sendPart: async () => ({ version: "v" }),
      join: async () => undefined,
      remove: async () => undefined,
    },
    makePlace: async () => "place",
    find: async (url) => kept.get(url) ?? null,
    wait: async (ms) => void pauses.push(ms),
  });
  const kinds = () => [...uploads.read().values()].map(({ kind }) => kind);
  return { uploads, asked, saved, pauses, kinds };
};

test("files go one after the other, each once, and are named by where they lie then", async () => {
  const { uploads, asked, saved } = line(null);
  uploads.ensure(part("1", "a.txt"));
  uploads.ensure(part("1", "a.txt"));
  uploads.ensure(part("2", "b.txt"));
  await expect.poll(() => [...uploads.read().values()].every(({ kind }) => kind === "done")).toBe(true);
  expect(asked).toEqual(["uploads/a.txt", "uploads/b.txt"]);
  expect(saved, "git is told to leave the folder out").toContain("uploads/.gitignore");
  expect(uploads.read().get(deviceUrl("1"))).toMatchObject({
    part: { filename: "a.txt", url: "workspace:///uploads/a.txt" },
  });
});

test("a name that is taken, before or meanwhile, is numbered and nothing is replaced", async () => {
  const { uploads, asked, saved } = line(["a.txt"], [new WireFailure("VersionConflict", "Taken.")]);
  uploads.ensure(part("1", "a.txt"));
  await expect.poll(() => uploads.read().get(deviceUrl("1"))?.kind).toBe("done");
  expect([asked, saved]).toEqual([["uploads/a-2.txt", "uploads/a-3.txt"], []]);
  expect(uploads.read().get(deviceUrl("1"))).toMatchObject({ part: { filename: "a-3.txt" } });
});

test("a lost connection is tried again, a refusal is told, and both hold up no other file", async () => {
  const lost = new WireFailure("SandboxUnavailable", "");
  const { uploads, asked, pauses, kinds } = line([], [lost, lost, null, new WireFailure("QuotaExceeded", "Full.")]);
  for (const [id, name] of [
    ["1", "a"],
    ["2", "b"],
    ["3", "c"],
  ] as const)
    uploads.ensure(part(id, name));
  await expect.poll(kinds).toEqual(["done", "failed", "done"]);
  expect([asked, pauses]).toEqual([
    ["uploads/a", "uploads/a", "uploads/a", "uploads/b", "uploads/c"],
    [1_000, 3_000],
  ]);
  uploads.ensure(part("2", "b"));
  await later();
  expect(kinds(), "it is left alone").toEqual(["done", "failed", "done"]);
  uploads.forget(deviceUrl("2"));
  uploads.ensure(part("2", "b"));
  await expect.poll(() => uploads.read().get(deviceUrl("2"))?.kind).toBe("done");
});

test("a file that this device has lost fails with words", async () => {
  const { uploads } = line([]);
  uploads.ensure(part("9", "a.txt"));
  await expect.poll(() => uploads.read().get(deviceUrl("9"))?.kind).toBe("failed");
  expect(uploads.read().get(deviceUrl("9"))).toMatchObject({
    failure: { tag: "NotFound", message: "This device no longer has a.txt. Attach the file again." },
  });
});

test("a file that nobody wants any more is forgotten", async () => {
  const { uploads, asked } = line([]);
  uploads.ensure(part("1", "a.txt"));
  uploads.ensure(part("2", "b.txt"));
  uploads.cancel(deviceUrl("2"));
  await expect.poll(() => uploads.read().get(deviceUrl("1"))?.kind).toBe("done");
  expect([asked, uploads.read().size]).toEqual([["uploads/a.txt"], 1]);
});

test("a file that arrived without a word is not sent once more, and another's of its name is left as it is", async () => {
  const unheard = new WireFailure("SandboxUnavailable", "unheard");
  const { uploads, asked } = line([], [unheard, unheard]);
  uploads.ensure(part("1", "a"));
  uploads.ensure(part("2", "b"));
  await expect.poll(() => [...uploads.read().values()].every(({ kind }) => kind === "done")).toBe(true);
  expect(asked).toEqual(["uploads/a", "uploads/b", "uploads/b-2"]);
  expect(uploads.read().get(deviceUrl("1"))).toMatchObject({ part: { url: "workspace:///uploads/a" } });
});
