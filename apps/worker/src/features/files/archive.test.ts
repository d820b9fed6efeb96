import { archiveLimits } from "@threadbox/contracts/files";
import type { FileEntry } from "@threadbox/contracts/sandbox-host";
import { Effect } from "effect";
import { expect, test } from "vitest";
import { SandboxNotFoundError, type WorkspaceFiles } from "../sandbox/index.ts";
import { archiveStream } from "./archive.ts";
import { planArchive } from "./archive-plan.ts";

const unused = () => Effect.die("not asked for");
const gone = () => Effect.fail(new SandboxNotFoundError({ what: "It" }));
const bytes = (text: string) => new TextEncoder().encode(text);

type Tree = Readonly<Record<string, readonly (readonly [string, FileEntry["kind"], number?])[]>>;

/** Folders by path; every file holds its own path, where `reads` does not say otherwise. */
const workspace = (tree: Tree, reads: Partial<WorkspaceFiles> = {}): WorkspaceFiles => ({
  read: (path) => Effect.succeed({ sizeBytes: path.length, version: "1", stream: new Blob([bytes(path)]).stream() }),
  write: unused,
  remove: unused,
  move: unused,
  makeFolder: unused,
  exec: unused,
  trial: unused,
  list: (path) => {
    const entries = tree[path];
    if (entries === undefined) return gone();
    return Effect.succeed(
      entries.map(([name, kind, sizeBytes = name.length]) => ({ name, kind, sizeBytes, modifiedAt: 1e12 })),
    );
  },
  ...reads,
});

const archive = async (files: WorkspaceFiles, folder: string) => {
  const plan = await Effect.runPromise(planArchive(files, folder));
  return { plan, stream: archiveStream(files, plan, folder) };
};

/** Names and contents, read from the archive's own directory. */
const unpack = async (stream: ReadableStream<Uint8Array>): Promise<Readonly<Record<string, string>>> => {
  const zip = await new Response(stream).arrayBuffer();
  const view = new DataView(zip);
  const text = (at: number, length: number) => new TextDecoder().decode(zip.slice(at, at + length));
  const found: Record<string, string> = {};
  let at = view.getUint32(zip.byteLength - 6, true);
  while (view.getUint32(at, true) === 0x02014b50) {
    const [size, nameLength, extra] = [
      view.getUint32(at + 24, true),
      view.getUint16(at + 28, true),
      view.getUint16(at + 30, true),
    ];
    const local = view.getUint32(at + 42, true);
    const name = text(at + 46, nameLength);
    found[name] = text(local + 30 + nameLength, size);
    at += 46 + nameLength + extra;
  }
  return found;
};

test("a folder is packed with all that lies in it, empty folders too, under its own name", async () => {
  const files = workspace({
    "a/b": [
      ["c", "directory"],
      ["e", "directory"],
      ["one.txt", "file"],
    ],
    "a/b/c": [["ü 2", "file"]],
    "a/b/e": [],
  });
  const { plan, stream } = await archive(files, "a/b");
  expect(plan).toMatchObject({ sizeBytes: 10, leftOut: 0 });
  expect(await unpack(stream)).toEqual({ "b/c/": "", "b/e/": "", "b/one.txt": "a/b/one.txt", "b/c/ü 2": "a/b/c/ü 2" });
});

test("links, pipes and installed packages stay where they are, and no name leads out of where it is unpacked", async () => {
  const files = workspace({
    "": [
      ["link", "symlink"],
      ["pipe", "other"],
      ["node_modules", "directory"],
      ["..\\..\\x", "file"],
    ],
  });
  const { plan, stream } = await archive(files, "");
  expect(plan.leftOut).toBe(3);
  expect(Object.keys(await unpack(stream))).toEqual([".._.._x"]);
});

test("what has gone by the time it is packed is left out", async () => {
  const tree: Tree = {
    "": [
      ["a", "file"],
      ["b", "file"],
      ["gone", "directory"],
    ],
  };
  const whole = workspace(tree);
  const files = workspace(tree, { read: (path) => (path === "a" ? gone() : whole.read(path)) });
  expect(await unpack((await archive(files, "")).stream)).toEqual({ b: "b", "gone/": "" });
});

test.each([
  ["entries", { "": Array.from({ length: archiveLimits.membersMax + 1 }, (_, at) => [`${at}`, "file", 0] as const) }],
  [
    "bytes",
    {
      "": [
        ["a", "file", archiveLimits.bytesMax],
        ["b", "file", 1],
      ],
    },
  ],
] as const)("too many %s are refused before anything is sent", async (_, tree) => {
  const failure = await Effect.runPromise(Effect.flip(planArchive(workspace(tree), "")));
  expect(failure).toMatchObject({ wireTag: "BodyTooLarge" });
});

test("a file that grew past the bound while the others were packed breaks the archive off", async () => {
  const files = workspace(
    { "": [["a", "file", 1]] },
    {
      read: () =>
        Effect.succeed({ sizeBytes: archiveLimits.bytesMax + 1, version: "1", stream: new Blob(["a"]).stream() }),
    },
  );
  const { stream } = await archive(files, "");
  await expect(new Response(stream).arrayBuffer()).rejects.toThrow();
});

test("whoever gives the archive up lets go of the file that is being read", async () => {
  let isLetGo = false;
  const endless = () =>
    new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(1024)),
      cancel: () => {
        isLetGo = true;
      },
    });
  const files = workspace(
    { "": [["a", "file", 1]] },
    { read: () => Effect.succeed({ sizeBytes: 1, version: "1", stream: endless() }) },
  );
  const { stream } = await archive(files, "");
  const reader = stream.getReader();
  for (let at = 0; at < 4; at += 1) await reader.read();
  await reader.cancel();
  await expect.poll(() => isLetGo).toBe(true);
});
