import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { ConvexHttpClient } from "convex/browser";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { api } from "../../fixture/_generated/api.js";
import { importArchive } from "../archive/import-archive.ts";
import { connect, copyFixture, type Fixture, signToken, startFixture } from "../server.testing.ts";
import { startServer } from "../server.ts";

const adminKey = "embedded|0123456789abcdef0123456789abcdef";
const commandLine = join(dirname(createRequire(import.meta.url).resolve("convex/package.json")), "bin/main.js");

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

describe("Convex's own command line", () => {
  let fixture: Fixture;
  let project: ReturnType<typeof copyFixture>;
  beforeAll(async () => {
    project = copyFixture();
    const root = dirname(project.folder);
    writeFileSync(join(root, "package.json"), JSON.stringify({ name: "p", dependencies: { convex: "1.48.0" } }));
    fixture = await startFixture({ adminKey, functionsFolder: project.folder });
  });
  afterAll(async () => {
    await fixture.close();
    project.remove();
  });

  const env = () => ({
    PATH: process.env.PATH,
    HOME: dirname(project.folder),
    CONVEX_SELF_HOSTED_URL: fixture.url,
    CONVEX_SELF_HOSTED_ADMIN_KEY: adminKey,
    CI: "1",
  });
  /** As somebody runs it whose surroundings name the server and the key. */
  const convex = async (...args: string[]): Promise<Ended> => {
    const cwd = dirname(project.folder);
    const run = promisify(execFile)(process.execPath, [commandLine, ...args], { cwd, env: env() });
    return run.then(
      ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
      (thrown) => ({ code: thrown.code, stdout: thrown.stdout, stderr: thrown.stderr }),
    );
  };

  test("runs public and internal functions of every kind", async () => {
    expect(await convex("run", "counters:increment", '{"name":"cli"}')).toMatchObject({ code: 0, stdout: "1\n" });
    expect(await convex("run", "counters:addQuietly", '{"name":"cli","amount":4}')).toMatchObject({ stdout: "5\n" });
    expect(await convex("run", "counters:current", '{"name":"cli"}')).toMatchObject({ stdout: "5\n" });
    expect(await convex("run", "actions:addTwice", '{"name":"cli"}')).toMatchObject({ stdout: "7\n" });
  });

  test("runs a function as somebody", async () => {
    const { stdout } = await convex("run", "viewer:whoami", "{}", "--identity", '{"subject":"ada","name":"Ada"}');
    expect(JSON.parse(stdout)).toMatchObject({ subject: "ada", name: "Ada" });
    expect(await convex("run", "viewer:whoami", "{}")).toMatchObject({ code: 0, stdout: "" });
  });

  test("tells which functions there are when there is none of that name", async () => {
    const { code, stderr } = await convex("run", "counters:none", "{}");
    expect(code).toBe(1);
    expect(stderr).toContain("Could not find function for 'counters:none'");
    expect(stderr).toMatch(/Available functions:[\s\S]*counters:[\s\S]*addQuietly[\s\S]*nodeActions:/);
  });

  test("lists tables and prints documents, the newest first, page by page", async () => {
    await fixture.http().mutation(api.messages.send, { thread: "cli", body: "first" });
    await fixture.http().mutation(api.messages.send, { thread: "cli", body: "second" });
    const { stdout } = await convex("data");
    expect(stdout.trim().split("\n")).toEqual([
      "anything",
      "counters",
      "foods",
      "links",
      "messages",
      "ordered",
      "watched",
    ]);
    const rows = await convex("data", "messages", "--format", "jsonLines");
    expect(
      rows.stdout
        .trim()
        .split("\n")
        .map((row) => JSON.parse(row).body),
    ).toEqual(["second", "first"]);
    const limited = await convex("data", "messages", "--limit", "1", "--order", "asc", "--format", "jsonLines");
    expect(
      limited.stdout
        .trim()
        .split("\n")
        .map((row) => JSON.parse(row).body),
    ).toEqual(["first"]);
    expect((await convex("data", "nothing")).code).not.toBe(0);
  });

  test("tells what the functions are", async () => {
    const spec = JSON.parse((await convex("function-spec")).stdout);
    expect(spec.url).toMatch(/^http:\/\/127/);
    expect(spec.functions).toContainEqual({
      functionType: "Mutation",
      identifier: "counters.js:increment",
      visibility: { kind: "public" },
      args: { type: "object", value: { name: { fieldType: { type: "string" }, optional: false } } },
      returns: { type: "number" },
    });
    expect(spec.functions).toContainEqual({ functionType: "HttpAction", method: "POST", path: "/echo" });
  });

  test("reads environment variables and is told where to set them", async () => {
    expect((await convex("env", "get", "TEST_ISSUER")).stdout).toBe("https://issuer.test\n");
    expect((await convex("env", "list")).stdout).toContain("TEST_ISSUER=https://issuer.test");
    const { code, stderr } = await convex("env", "set", "NAME", "value");
    expect([code, stderr]).toEqual([1, expect.stringContaining("CONVEX_FUNCTION_ENV")]);
  });

  test.each([
    ["without files", [], 0],
    ["with files", ["--include-file-storage"], 1],
  ])("exports an archive %s that this server imports", async (_, options, files) => {
    await fixture.http().mutation(api.counters.increment, { name: "exported" });
    if (files > 0) await fixture.http().action(api.files.storeText, { text: "a file" });
    const path = join(dirname(project.folder), `export-${files}.zip`);
    expect(await convex("export", "--path", path, ...options)).toMatchObject({ code: 0 });
    const stateFolder = join(dirname(project.folder), `imported-${files}`);
    const folders = { stateFolder, backupsFolder: join(stateFolder, "backups") };
    expect(await importArchive({ ...folders, file: path, now: 0 })).toMatchObject({ files });
    const imported = await startServer({ ...fixture.options, stateFolder, port: 0 });
    expect(await new ConvexHttpClient(imported.url).query(api.counters.get, { name: "exported" })).toBe(1 + files);
    await imported.close();
  });

  test("is told of this server's own import", async () => {
    const { code, stderr } = await convex("import", "--table", "messages", "--yes", "package.json");
    expect([code, stderr]).toEqual([1, expect.stringContaining("npm run import")]);
  });

  test.each([
    ["dev", "--once", "--typecheck", "disable"],
    ["deploy", "--typecheck", "disable", "--yes"],
    ["run", "--inline-query", "return 1"],
  ])("is told with %s %s that the functions folder is the deployment", async (...args) => {
    const { code, stdout, stderr } = await convex(...args);
    expect([code, `${stdout}${stderr}`]).toEqual([1, expect.stringContaining("change the functions folder")]);
  });

  test("shows what functions write and what goes wrong in them", async () => {
    await fixture
      .http()
      .mutation(api.messages.fail, {})
      .catch(() => null);
    const response = await fetch(`${fixture.url}/api/stream_function_logs?cursor=0`, {
      headers: { authorization: `Convex ${adminKey}` },
    });
    const { entries } = (await response.json()) as { entries: unknown[] };
    expect(entries.at(-1)).toMatchObject({
      kind: "Completion",
      udfType: "Mutation",
      identifier: "messages:fail",
      logLines: [{ level: "LOG", messages: ["'about to fail' { secret: false }"] }],
      error: expect.stringContaining("Uncaught Error: a detail that only developers may see\n    at handler"),
    });
  });

  /** Runs until it is told to end; what it has written so far. */
  const watching = (...args: string[]): { readonly seen: () => string; readonly end: () => void } => {
    const child = execFile(process.execPath, [commandLine, ...args], { cwd: dirname(project.folder), env: env() });
    let seen = "";
    child.stdout?.on("data", (text: string) => {
      seen += text;
    });
    return { seen: () => seen, end: () => child.kill() };
  };

  test("watches logs as they come", async () => {
    await fixture
      .http()
      .mutation(api.messages.fail, {})
      .catch(() => null);
    const { seen, end } = watching("logs", "--history", "1");
    await expect.poll(seen).toContain("a detail that only developers may see");
    expect(seen()).toContain("[CONVEX M(messages:fail)] [LOG] 'about to fail'");
    await fixture
      .http()
      .mutation(api.messages.refuse, { code: 9n })
      .catch(() => null);
    await expect.poll(seen).toContain("[CONVEX M(messages:refuse)]");
    end();
  });

  test("watches what a query comes to", async () => {
    const { seen, end } = watching("run", "--watch", "counters:current", '{"name":"watched"}');
    await expect.poll(seen).toBe("0\n");
    await fixture.http().mutation(api.counters.increment, { name: "watched" });
    await expect.poll(seen).toBe("0\n1\n");
    end();
  });
});

describe("the admin key", () => {
  let fixture: Fixture;
  afterAll(() => fixture.close());

  const post = (path: string, headers: Record<string, string>, body: unknown): Promise<Response> =>
    fetch(`${fixture.url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  const internal = { path: "counters:current", args: { name: "x" } };

  test.each([
    ["another one", { authorization: `Convex ${adminKey}x` }, 403],
    ["none", {}, 560],
    ["a token of a user in its place", { authorization: "Convex eyJ" }, 403],
  ])("%s opens no internal function", async (_, headers, status) => {
    fixture ??= await startFixture({ adminKey });
    expect((await post("/api/function", headers as Record<string, string>, internal)).status).toBe(status);
  });

  test.each([
    ["another one", { authorization: `Convex ${adminKey}x` }, 403],
    ["none", {}, 401],
  ])("%s shows no logs", async (_, headers, status) => {
    const response = await fetch(`${fixture.url}/api/stream_function_logs?cursor=0`, {
      headers: headers as Record<string, string>,
    });
    expect(response.status).toBe(status);
  });

  test("a user asks no query of the server's own, and is not shown what an admin was", async () => {
    const system = {
      path: "_system/cli/tableData",
      args: { table: "messages", paginationOpts: { cursor: null, numItems: 1 } },
    };
    const token = await signToken();
    const ask = async (authorization: string) => (await post("/api/query", { authorization }, system)).status;
    expect(await ask(`Convex ${adminKey}`)).toBe(200);
    expect(await ask(`Bearer ${token}`)).toBe(560);
  });

  test("what an admin watches stays hidden from a client that asks for the same", async () => {
    const admin = connect(fixture.url);
    // Of the command line's, and left out of the types.
    Reflect.get(admin.client, "setAdminAuth").call(admin.client, adminKey);
    const reference = { ...api.counters.get } as typeof api.counters.get;
    const internalGet = Object.assign(reference, { [Symbol.for("functionName")]: "counters:current" });
    const seen: number[] = [];
    admin.onUpdate(internalGet, { name: "x" }, (value) => seen.push(value));
    await expect.poll(() => seen).toEqual([0]);
    const client = fixture.client();
    const failed: Error[] = [];
    client.onUpdate(
      internalGet,
      { name: "x" },
      () => undefined,
      (error) => failed.push(error),
    );
    await expect.poll(() => failed.map(String)).toEqual([expect.stringContaining("Could not find public function")]);
    await admin.close();
  });

  test("without one configured nobody is let in", async () => {
    const without = await startFixture();
    const response = await fetch(`${without.url}/api/function`, {
      method: "POST",
      headers: { authorization: `Convex ${"0".repeat(32)}` },
      body: JSON.stringify(internal),
    });
    expect(response.status).toBe(403);
    await without.close();
  });
});
