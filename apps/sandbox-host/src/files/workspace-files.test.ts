import { execFileSync } from "node:child_process";
import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { Readable } from "node:stream";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { WorkspaceFiles } from "./workspace-files.ts";

let outside: string;
let workspace: string;
let files: WorkspaceFiles;

beforeEach(async () => {
  const root = await fs.mkdtemp(path.join(os.tmpdir(), "threadbox-files-"));
  // Some of it is deeper than Node's own removal can reach.
  onTestFinished(() => void execFileSync("/bin/rm", ["-rf", root]));
  outside = path.join(root, "outside");
  workspace = path.join(root, "workspace");
  await fs.mkdir(outside);
  await fs.mkdir(workspace);
  await fs.writeFile(path.join(outside, "secret"), "secret");
  files = new WorkspaceFiles({ path: workspace }, "/workspace");
});

const bytes = (content: string): AsyncIterable<Uint8Array> => Readable.from([Buffer.from(content)]);
const read = async (at: string): Promise<string> => new Response((await files.read(at)).stream).text();
const rejected = { tag: "PathRejected" };
const write = (at: string, content = "new", expected?: string): Promise<string> =>
  files.write(at, bytes(content), 1_000, expected);
const conflict = { tag: "VersionConflict" };

describe("files of a workspace", () => {
  test("a file is written with its folders, read, listed and removed", async () => {
    await write("a/b/c.txt", "hello");
    expect(await read("/workspace/a/b/c.txt")).toBe("hello");
    expect(await files.list("a/b")).toMatchObject([{ name: "c.txt", kind: "file", sizeBytes: 5 }]);
    await files.remove("a");
    expect(await files.list("")).toEqual([]);
    await expect(read("a/b/c.txt")).rejects.toMatchObject({ tag: "NotFound" });
  });

  test("writing over a file keeps its mode and replaces its content whole", async () => {
    await fs.writeFile(path.join(workspace, "run.sh"), "a much longer old content", { mode: 0o755 });
    await write("run.sh", "short");
    expect(await read("run.sh")).toBe("short");
    expect((await fs.stat(path.join(workspace, "run.sh"))).mode & 0o777).toBe(0o755);
  });

  test("a body past the limit changes nothing and leaves no draft", async () => {
    await write("a.txt", "old");
    await expect(files.write("a.txt", bytes("x".repeat(2_000)), 1_000)).rejects.toMatchObject({ tag: "BodyTooLarge" });
    expect(await read("a.txt")).toBe("old");
    expect(await files.list("")).toHaveLength(1);
  });

  test.each(["../outside/secret", "a/../../outside/secret", "/etc/passwd", "/workspacex/a", "a\0b", "x".repeat(256)])(
    "the path %j is rejected",
    async (at) => {
      await expect(read(at)).rejects.toMatchObject(rejected);
      await expect(write(at)).rejects.toMatchObject(rejected);
      await expect(files.remove(at)).rejects.toMatchObject(rejected);
      await expect(files.list(at)).rejects.toMatchObject(rejected);
    },
  );

  test("the workspace itself can be neither written nor removed", async () => {
    for (const at of ["", ".", "/workspace", "/workspace/"]) {
      await expect(write(at)).rejects.toMatchObject(rejected);
      await expect(files.remove(at)).rejects.toMatchObject(rejected);
    }
  });

  test("A54: a link is never followed, neither as a file nor as a folder on the way", async () => {
    await fs.symlink(path.join(outside, "secret"), path.join(workspace, "file"));
    await fs.symlink(outside, path.join(workspace, "folder"));
    await fs.symlink("/", path.join(workspace, "root"));
    for (const at of ["file", "folder/secret", "root/etc/hostname"]) {
      await expect(read(at)).rejects.toMatchObject(rejected);
    }
    await expect(files.list("folder")).rejects.toMatchObject(rejected);
    await expect(write("folder/new")).rejects.toMatchObject(rejected);
    await expect(files.remove("folder/secret")).rejects.toMatchObject(rejected);
    expect(await files.list("")).toMatchObject([{ kind: "symlink" }, { kind: "symlink" }, { kind: "symlink" }]);
  });

  test("A54: writing to a link replaces the link and not what it points at", async () => {
    await fs.symlink(path.join(outside, "secret"), path.join(workspace, "file"));
    await write("file", "mine");
    expect(await fs.readFile(path.join(outside, "secret"), "utf8")).toBe("secret");
    expect(await read("file")).toBe("mine");
  });

  test("A54: removing a folder removes the links in it and not what they point at", async () => {
    await fs.mkdir(path.join(workspace, "deep/deeper"), { recursive: true });
    await fs.symlink(outside, path.join(workspace, "deep/deeper/link"));
    await files.remove("deep");
    expect(await fs.readFile(path.join(outside, "secret"), "utf8")).toBe("secret");
    expect(await files.list("")).toEqual([]);
  });

  test("A54: a folder that is swapped for a link again and again never leads outside", async () => {
    await fs.mkdir(path.join(workspace, "real"));
    await fs.writeFile(path.join(workspace, "real/secret"), "inside");
    const swapped = path.join(workspace, "swap");
    let isSwapping = true;
    const swapper = (async () => {
      while (isSwapping) {
        // A write may have made a folder of this name.
        await fs.rm(swapped, { recursive: true, force: true }).catch(() => {});
        const steps = [
          () => fs.rename(path.join(workspace, "real"), swapped),
          () => fs.rename(swapped, path.join(workspace, "real")),
          () => fs.symlink(outside, swapped),
          () => fs.unlink(swapped),
        ];
        for (const step of steps) await step().catch(() => {});
      }
    })();
    const seen = new Set<string>();
    for (let round = 0; round < 300; round += 1) {
      seen.add(await read("swap/secret").catch(() => "refused"));
      await write("swap/written").catch(() => {});
    }
    isSwapping = false;
    await swapper;
    expect(seen.has("secret")).toBe(false);
    expect(await fs.readdir(outside)).toEqual(["secret"]);
  });

  test("a pipe is refused at once, not waited for", async () => {
    execFileSync("/usr/bin/mkfifo", [path.join(workspace, "pipe")]);
    await expect(read("pipe")).rejects.toMatchObject(rejected);
  });

  test("of a file that grows while it is read, no more is given than was there at first", async () => {
    const at = path.join(workspace, "growing");
    await fs.writeFile(at, "x".repeat(100_000));
    const { sizeBytes, stream } = await files.read("growing");
    await fs.appendFile(at, "more");
    expect([sizeBytes, await new Response(stream).text()]).toEqual([100_000, "x".repeat(100_000)]);
  });

  test("a file that shrinks while it is read is an error, not an end", async () => {
    const at = path.join(workspace, "shrinking");
    await fs.writeFile(at, "x".repeat(200_000));
    const { stream } = await files.read("shrinking");
    await fs.truncate(at, 100_000);
    await expect(new Response(stream).text()).rejects.toThrow("became shorter");
  });

  /** Folders in folders, made from within, because no path is as long. */
  const makeDeep = (levels: number): void => {
    const program = `for (1 .. ${levels}) { mkdir("d") && chdir("d") or die("$_: $!") } open(F, ">", "f")`;
    execFileSync("/usr/bin/perl", ["-e", program], { cwd: workspace });
  };

  test("a folder of thirty thousand levels is removed", async () => {
    makeDeep(30_000);
    await files.remove("d");
    expect(await files.list("")).toEqual([]);
  });

  test("what lies as deep as a path may be long is read, listed and written; a longer path is told so", async () => {
    makeDeep(3_000);
    const deep = (levels: number) => Array.from({ length: levels }, () => "d").join("/");
    expect(await files.list(deep(2_000))).toMatchObject([{ name: "d", kind: "directory" }]);
    await write(`${deep(2_000)}/written`, "deep");
    expect(await read(`${deep(2_000)}/written`)).toBe("deep");
    for (const outcome of [files.list(deep(3_000)), files.read(deep(3_000)), files.remove(deep(3_000))]) {
      await expect(outcome).rejects.toMatchObject(rejected);
    }
    await files.remove("d");
  });

  test("a folder that a program fills while it is removed is gone in the end, or its removal says that it is not", async () => {
    const folder = path.join(workspace, "filled");
    await fs.mkdir(folder);
    let isFilling = true;
    const filler = (async () => {
      for (let made = 0; isFilling; made += 1) {
        await fs.mkdir(path.join(folder, String(made % 20))).catch(() => {});
      }
    })();
    const outcome = await files
      .remove("filled")
      .then(
        () => "gone",
        (error: { readonly tag: string }) => error.tag,
      )
      .finally(() => {
        isFilling = false;
      });
    await filler;
    expect([await files.list(""), outcome]).toEqual(
      outcome === "gone" ? [[], "gone"] : [[expect.objectContaining({ name: "filled" })], "Conflict"],
    );
  });

  test("a file is saved over the state that was read, and over no other", async () => {
    const created = await write("a.txt", "one", "absent");
    const { version, stream } = await files.read("a.txt");
    await stream.cancel();
    expect(version).toBe(created);
    const second = await write("a.txt", "two", version);
    await expect(write("a.txt", "late", version)).rejects.toMatchObject(conflict);
    expect([await read("a.txt"), (await files.read("a.txt")).version]).toEqual(["two", second]);
    expect(await files.list("")).toHaveLength(1);
  });

  test("what a program changes in place is another state, and what it removed is none", async () => {
    const first = await write("a.txt", "one");
    await fs.appendFile(path.join(workspace, "a.txt"), "more");
    await expect(write("a.txt", "late", first)).rejects.toMatchObject(conflict);
    await files.remove("a.txt");
    await expect(write("a.txt", "late", first)).rejects.toMatchObject(conflict);
  });

  test("what must not exist yet replaces nothing: no file, no folder, no link", async () => {
    await write("file");
    await fs.mkdir(path.join(workspace, "folder"));
    await fs.symlink(path.join(outside, "secret"), path.join(workspace, "link"));
    await expect(write("file", "x", "absent")).rejects.toMatchObject(conflict);
    await expect(write("folder", "x", "absent")).rejects.toMatchObject(conflict);
    await expect(write("link", "x", "absent")).rejects.toMatchObject(conflict);
    for (const name of ["file", "folder", "link"]) {
      await expect(files.makeFolder(name)).rejects.toMatchObject(conflict);
    }
  });

  test("a file is created at most once, by one of many that ask at once", async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, (_, at) => write("new", `${at}`, "absent")));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await files.list("")).toHaveLength(1);
  });

  test("a file and a folder are moved, over nothing, and a folder not into itself", async () => {
    await write("a/b.txt", "hello");
    await write("c.txt", "other");
    await files.move("a/b.txt", "d/e.txt");
    expect(await read("d/e.txt")).toBe("hello");
    await files.move("d", "a/d");
    expect(await read("a/d/e.txt")).toBe("hello");
    await expect(files.move("c.txt", "a/d/e.txt")).rejects.toMatchObject(conflict);
    await expect(files.move("a", "c.txt")).rejects.toMatchObject(conflict);
    await expect(files.move("a", "a/d/a")).rejects.toMatchObject(rejected);
    await expect(files.move("missing", "x")).rejects.toMatchObject({ tag: "NotFound" });
    expect([await read("a/d/e.txt"), await read("c.txt")]).toEqual(["hello", "other"]);
  });

  test("A54: a link is moved itself, and nothing is moved or made through one", async () => {
    await fs.symlink(outside, path.join(workspace, "link"));
    await write("mine", "mine");
    await expect(files.move("link/secret", "stolen")).rejects.toMatchObject(rejected);
    await expect(files.move("mine", "link/planted")).rejects.toMatchObject(rejected);
    await expect(files.makeFolder("link/made")).rejects.toMatchObject(rejected);
    await files.move("link", "moved");
    expect(await files.list("")).toMatchObject([{ name: "mine" }, { name: "moved", kind: "symlink" }]);
    expect(await fs.readdir(outside)).toEqual(["secret"]);
  });

  test.each(["../outside/x", "/etc/x", "a/../../x"])("the path %j is no goal of a move and no folder", async (at) => {
    await write("mine");
    await expect(files.move("mine", at)).rejects.toMatchObject(rejected);
    await expect(files.move(at, "x")).rejects.toMatchObject(rejected);
    await expect(files.makeFolder(at)).rejects.toMatchObject(rejected);
  });
});
