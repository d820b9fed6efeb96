import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { webEnvironment } from "./config.testing.ts";
import { decodeWebConfig } from "./config.ts";
import { openStatics } from "./statics.ts";

const script = "console.log('hello');".repeat(50);
let directory: string;
let serve: Awaited<ReturnType<typeof openStatics>>;
const get = (path: string, headers: Record<string, string> = {}) =>
  serve(new Request(`http://threadbox.localhost:3000${path}`, { headers }));

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "statics-"));
  await mkdir(join(directory, "client", "assets"), { recursive: true });
  await writeFile(join(directory, "client", "assets", "app-abc.js"), script);
  await writeFile(join(directory, "secret.txt"), "secret");
  serve = await openStatics(join(directory, "client"), decodeWebConfig(webEnvironment).page);
});

afterAll(() => rm(directory, { recursive: true }));

describe("the files of the build", () => {
  test("are kept for ever, sniffed by nobody, and compressed for who takes it", async () => {
    const response = await get("/assets/app-abc.js", { "accept-encoding": "gzip, br" });
    expect(response?.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect(response?.headers.get("x-content-type-options")).toBe("nosniff");
    expect(response?.headers.get("content-encoding")).toBe("br");
    const body = Buffer.from((await response?.arrayBuffer()) ?? new ArrayBuffer());
    expect(brotliDecompressSync(body).toString()).toBe(script);
  });

  test("come as they are for who names no encoding", async () => {
    const response = await get("/assets/app-abc.js");
    expect(response?.headers.has("content-encoding")).toBe(false);
    expect(await response?.text()).toBe(script);
  });

  test("outlive a build that replaces them while the server runs", async () => {
    await rm(join(directory, "client", "assets", "app-abc.js"));
    expect(await (await get("/assets/app-abc.js"))?.text()).toBe(script);
  });

  test.each(["/../secret.txt", "/assets/../../secret.txt", "/%2e%2e/secret.txt", "/assets", "/"])(
    "%s is not one of them",
    async (path) => {
      expect(await get(path)).toBeNull();
    },
  );
});
