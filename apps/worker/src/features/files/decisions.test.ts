import { fileLimits } from "@threadbox/contracts/files";
import { describe, expect, test } from "vitest";
import { contentOf, largeContentOf } from "./file-content.ts";
import { largestFiles } from "./largest.ts";
import { foundFiles, searchProgram } from "./search.ts";
import { uploadOf } from "./upload.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

describe("what a file is to an editor", () => {
  test.each(["", "a\nb", "a\r\nb\r\n", "\uFEFF\uFEFFtwice", "ä⟦\u202e⟧"])("%j is text, and stays as it is", (text) => {
    expect(contentOf(bytes(text))).toEqual({
      kind: "text",
      text: text.replace(/^\uFEFF/, ""),
      hasBom: text.startsWith("\uFEFF"),
    });
  });

  test.each([[[0xff, 0xfe, 0x61, 0x00]], [[0x61, 0x00, 0x62]], [[0xc3]], [[0xed, 0xa0, 0x80]]])(
    "%j is no text",
    (content) => {
      expect(contentOf(new Uint8Array(content))).toEqual({ kind: "binary", shownAs: "nothing" });
    },
  );

  test("a picture is known by how it begins, and one that can hold a script is none", () => {
    const png = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0xff];
    expect(contentOf(new Uint8Array(png))).toEqual({ kind: "binary", shownAs: "picture" });
    expect(contentOf(bytes("<svg onload='x'/>"))).toMatchObject({ kind: "text" });
  });
});

test("a PDF is known by how it begins, of whatever size", () => {
  expect(contentOf(bytes("%PDF-1.4 and text"))).toEqual({ kind: "binary", shownAs: "document" });
  expect(largeContentOf(bytes("%PDF-1.4"))).toEqual({ kind: "tooLarge", shownAs: "document" });
  expect(largeContentOf(bytes("a large text"))).toEqual({ kind: "tooLarge", shownAs: "nothing" });
});

describe("a search", () => {
  test("what is typed is a text to find, never a pattern or an option", () => {
    expect(searchProgram("-delete").argv.slice(-4)).toEqual(["-iname", "*-delete*", "-printf", "%y\t%P\n"]);
    expect(searchProgram("a*[b]?\\").argv.at(-3)).toBe("*a\\*\\[b\\]\\?\\\\*");
    expect(searchProgram("src/a").argv.at(-4)).toBe("-ipath");
  });

  const ran = { exitCode: 0, stderr: "", isTruncated: false, isTimedOut: false, durationMs: 1 };

  test("finds the shortest paths first, and leaves out a line that was cut off", () => {
    expect(foundFiles({ ...ran, isTruncated: true, stdout: "f\tlong/a.txt\nd\ta\nl\tb\np\tc\nf\tcut" })).toEqual({
      files: [
        { path: "a", kind: "directory" },
        { path: "b", kind: "symlink" },
        { path: "c", kind: "other" },
        { path: "long/a.txt", kind: "file" },
      ],
      isCut: true,
    });
  });

  test("is bounded, and says when there is more", () => {
    const stdout = Array.from({ length: fileLimits.foundMax + 1 }, (_, index) => `f\t${index}\n`).join("");
    expect(foundFiles({ ...ran, stdout })).toMatchObject({ files: { length: fileLimits.foundMax }, isCut: true });
  });
});

describe("an upload", () => {
  const request = (body: BodyInit, headers: HeadersInit = {}) =>
    new Request("http://worker.test", { method: "PUT", body, headers });

  test("that declares too much is not begun, and one that is longer than it may be breaks off", async () => {
    expect(uploadOf(request("x", { "content-length": "11" }), 10)).toBeNull();
    const upload = uploadOf(request(new Blob(["x".repeat(11)]).stream()), 10);
    await expect(new Response(upload?.content as ReadableStream).bytes()).rejects.toThrow();
    expect(upload?.isExcessive()).toBe(true);
  });

  test("within the bound arrives whole", async () => {
    const upload = uploadOf(request("0123456789"), 10);
    expect(await new Response(upload?.content as ReadableStream).text()).toBe("0123456789");
    expect(upload?.isExcessive()).toBe(false);
  });
});

describe("the largest files", () => {
  const program = (...entries: readonly string[]) => ({ stdout: `${entries.join("\0")}\0` });

  test("are told with how full the workspace's own disk is, and names stay what they are", () => {
    const odd = "odd\nname\ttab";
    const disk = "/dev/loop3  4000000000  4100000000\n";
    expect(largestFiles(program(disk, "d\t900\ta/node_modules", `f\t20\t${odd}`, "nonsense", "f\tx\ty"))).toEqual({
      files: [
        { path: "a/node_modules", kind: "directory", sizeBytes: 900 },
        { path: odd, kind: "file", sizeBytes: 20 },
      ],
      disk: { usedBytes: 4_000_000_000, sizeBytes: 4_100_000_000 },
    });
  });

  test("say nothing of a disk that isn't the workspace's own, and are never more than the bound", () => {
    const many = Array.from({ length: 60 }, (_, at) => `f\t${60 - at}\t${at}`);
    const { files, disk } = largestFiles(program("/dev/vda 1 2", ...many));
    expect([files.length, disk]).toEqual([fileLimits.largestMax, null]);
    expect(largestFiles({ stdout: "" })).toEqual({ files: [], disk: null });
  });
});
