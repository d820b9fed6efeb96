import { exports } from "cloudflare:workers";
import { type ErrorTag, errorTable } from "@threadbox/contracts/errors";
import { absentFile, fileLimits, OpenedFile, SavedFile } from "@threadbox/contracts/files";
import type { ThreadId } from "@threadbox/contracts/ids";
import { WireErrorBody } from "@threadbox/contracts/wire-error";
import { Schema } from "effect";
import { beforeAll, describe, expect, test } from "vitest";
import { observe } from "../../testing/observe.testing.ts";
import { newThreadId, signToken, testBindings } from "../../testing/tokens.testing.ts";

const app = testBindings.APP_ORIGIN;

const send = (path: string, init: RequestInit = {}) => exports.default.fetch(`http://worker.test${path}`, init);

/** Asks for something of that thread with a token of its own, or of another one. */
const asker = async (threadId: ThreadId, tokenOf: ThreadId = threadId) => {
  const authorization = `Bearer ${await signToken(tokenOf)}`;
  return (method: string, path: string, body?: BodyInit, headers: Record<string, string> = {}) =>
    send(`/api/sandbox/${threadId}/${path}`, {
      method,
      headers: { authorization, origin: app, ...headers },
      body: body ?? null,
    });
};

const tagOf = async (response: Response): Promise<ErrorTag | null> =>
  response.ok ? null : Schema.decodeUnknownSync(WireErrorBody)(await response.json()).error._tag;

const at = (name: string, path: string) => `${name}?path=${encodeURIComponent(path)}`;
const opened = async (response: Response) => Schema.decodeUnknownSync(OpenedFile)(await response.json());
const saved = async (response: Response) => Schema.decodeUnknownSync(SavedFile)(await response.json());

// The first request loads the worker, which takes longer than any test may.
beforeAll(async () => {
  await send("/health");
});

describe("files of a thread", () => {
  test("a file is made, listed, opened, saved, moved and removed, and what changed stands in the audit", async () => {
    const threadId = newThreadId();
    const ask = await asker(threadId);
    expect((await ask("PUT", `${at("file", "a b.txt")}&version=${absentFile}`, "one\r\n")).status).toBe(200);
    const listed = await (await ask("GET", at("folders", ""))).json();
    expect(listed).toMatchObject({
      folders: [{ path: "", entries: [{ name: "a b.txt", kind: "file", sizeBytes: 5 }] }],
    });
    const first = await opened(await ask("GET", at("file", "a b.txt")));
    expect(first).toMatchObject({ sizeBytes: 5, content: { kind: "text", text: "one\r\n", hasBom: false } });
    const { version } = await saved(await ask("PUT", `${at("file", "a b.txt")}&version=${first.version}`, "two"));
    expect((await opened(await ask("GET", at("file", "a b.txt")))).version).toBe(version);
    expect((await ask("POST", "moves", JSON.stringify({ from: "a b.txt", to: "c.txt" }))).status).toBe(204);
    expect((await ask("POST", "folders", JSON.stringify({ path: "made" }))).status).toBe(204);
    expect((await ask("DELETE", at("file", "c.txt"))).status).toBe(204);
    expect(await tagOf(await ask("GET", at("file", "c.txt")))).toBe("NotFound");
    const rows = async () =>
      (await observe(threadId)).calls.flatMap(({ path, args }) => (path === "audit:append" ? [args.action] : []));
    await expect.poll(rows).toHaveLength(5);
    expect((await rows()).toSorted()).toEqual([
      "file.moved",
      "file.removed",
      "file.saved",
      "file.saved",
      "folder.made",
    ]);
  });

  test("all of an output is asked for by the name of its file, and by no path", async () => {
    const ask = await asker(newThreadId());
    for (const id of ["", "../auth.json", "tool_1/../../auth.json", "tool_", "log"])
      expect(await tagOf(await ask("GET", `tool-output?id=${encodeURIComponent(id)}`))).toBe("ValidationError");
  });

  test("a file that changed meanwhile is not saved over, and keeps what it holds", async () => {
    const ask = await asker(newThreadId());
    const { version } = await saved(await ask("PUT", at("file", "a.txt"), "one"));
    await ask("PUT", at("file", "a.txt"), "the agent's");
    const late = await ask("PUT", `${at("file", "a.txt")}&version=${version}`, "mine");
    expect([late.status, await tagOf(late)]).toEqual([409, "VersionConflict"]);
    expect((await opened(await ask("GET", at("file", "a.txt")))).content).toMatchObject({ text: "the agent's" });
    const anew = await ask("PUT", `${at("file", "a.txt")}&version=${absentFile}`, "new");
    expect(await tagOf(anew)).toBe("VersionConflict");
  });

  test("a download is saved and never shown: an attachment of no type, sniffed by nobody, byte by byte", async () => {
    const ask = await asker(newThreadId());
    const page = new TextEncoder().encode("<script>alert(1)</script>\0\xff");
    await ask("PUT", at("file", "x/evil”\r\n.html"), page);
    const response = await ask("GET", at("file-bytes", "x/evil”\r\n.html"));
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "application/octet-stream",
      "content-disposition": "attachment; filename*=UTF-8''evil%E2%80%9D%0D%0A.html",
      "content-security-policy": "default-src 'none'; sandbox",
      "x-content-type-options": "nosniff",
      "cache-control": "no-store",
    });
    expect([...(await response.bytes())]).toEqual([...page]);
  });

  test("of a file that is larger than an editor takes, nothing but its size is told", async () => {
    const ask = await asker(newThreadId());
    await ask("PUT", at("file", "large.txt"), "x".repeat(fileLimits.textBytesMax + 1));
    expect(await opened(await ask("GET", at("file", "large.txt")))).toMatchObject({
      sizeBytes: fileLimits.textBytesMax + 1,
      content: { kind: "tooLarge" },
    });
  });
});

describe("A54: paths", () => {
  const calls = [
    ["GET", "folders"],
    ["GET", "file"],
    ["GET", "file-bytes"],
    ["GET", "folder-archive"],
    ["PUT", "file"],
    ["DELETE", "file"],
  ] as const;
  const bad = ["../x", "a/../../x", "/etc/passwd", "a\0b", "x".repeat(fileLimits.pathLengthMax + 1)];

  test.each(bad)("%j is refused by every route, and no sandbox is started for it", async (path) => {
    const threadId = newThreadId();
    const ask = await asker(threadId);
    const before = (await observe(threadId)).starts;
    for (const [method, name] of calls) {
      expect(await tagOf(await ask(method, at(name, path), method === "PUT" ? "x" : undefined))).toBe("PathRejected");
    }
    const tag = path.length > fileLimits.pathLengthMax ? "ValidationError" : "PathRejected";
    for (const [name, body] of [
      ["moves", { from: path, to: "x" }],
      ["moves", { from: "x", to: path }],
      ["folders", { path }],
    ] as const) {
      expect(await tagOf(await ask("POST", name, JSON.stringify(body)))).toBe(tag);
    }
    expect((await observe(threadId)).starts).toBe(before);
  });

  test("the workspace itself is no file", async () => {
    const ask = await asker(newThreadId());
    for (const path of ["", ".", "//"]) {
      expect(await tagOf(await ask("DELETE", at("file", path)))).toBe("PathRejected");
      expect(await tagOf(await ask("PUT", at("file", path), "x"))).toBe("PathRejected");
    }
  });
});

describe("the door of the files", () => {
  const calls = [
    ["GET", at("folders", "")],
    ["GET", at("file", "a")],
    ["GET", at("file-bytes", "a")],
    ["GET", at("folder-archive", "a")],
    ["GET", "file-search?query=a"],
    ["PUT", at("file", "a")],
    ["DELETE", at("file", "a")],
    ["POST", "moves"],
    ["POST", "folders"],
  ] as const;

  test.each(calls)("%s %s is closed to another thread's token, to none and to other pages", async (method, path) => {
    const threadId = newThreadId();
    const before = (await observe(threadId)).starts;
    const other = await asker(threadId, newThreadId());
    expect(await tagOf(await other(method, path))).toBe("ThreadScopeMismatch");
    const none = await send(`/api/sandbox/${threadId}/${path}`, { method });
    expect([none.status, await tagOf(none)]).toEqual([errorTable.TokenMissing.status, "TokenMissing"]);
    const own = await asker(threadId);
    const foreign = await own(method, path, undefined, { origin: "https://evil.test" });
    expect(await tagOf(foreign)).toBe(method === "GET" ? "OriginRejected" : "CsrfRejected");
    expect((await observe(threadId)).starts).toBe(before);
  });

  test("what is no list of folders, no search and no move is told so", async () => {
    const ask = await asker(newThreadId());
    const many = Array.from({ length: fileLimits.foldersMax + 1 }, (_, index) => `path=${index}`).join("&");
    for (const [method, path, body] of [
      ["GET", "folders", undefined],
      ["GET", `folders?${many}`, undefined],
      ["GET", "file-search?query=%20", undefined],
      ["GET", `file-search?query=${"x".repeat(fileLimits.queryLengthMax + 1)}`, undefined],
      ["POST", "moves", "{"],
      ["POST", "moves", '{"from":"a"}'],
      ["POST", "folders", "[]"],
    ] as const) {
      expect(await tagOf(await ask(method, path, body))).toBe("ValidationError");
    }
  });
});
