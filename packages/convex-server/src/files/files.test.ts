import { createHash } from "node:crypto";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { api } from "../../fixture/_generated/api.js";
import type { Id } from "../../fixture/_generated/dataModel.js";
import { type Fixture, startFixture, testOrigin, watch } from "../server.testing.ts";

const sha256 = (text: string, encoding: "hex" | "base64" = "hex"): string =>
  createHash("sha256").update(text).digest(encoding);

describe("stored files", () => {
  let fixture: Fixture;
  let nowMs: number;
  beforeEach(async () => {
    nowMs = Date.now();
    fixture = await startFixture({ now: () => nowMs });
  });
  afterEach(() => fixture.close());

  const http = () => fixture.http();
  /** An address that was made while the port was not known yet. */
  const at = (address: string | null): string => (address ?? "").replace("http://127.0.0.1:0", fixture.url);
  const put = async (body: string, headers: Record<string, string> = {}, address?: string): Promise<Response> =>
    fetch(address ?? at(await http().mutation(api.files.uploadUrl, {})), { method: "POST", body, headers });
  const stored = async (text: string, headers: Record<string, string> = {}): Promise<Id<"_storage">> =>
    ((await (await put(text, headers)).json()) as { storageId: Id<"_storage"> }).storageId;
  const fetchStored = async (id: Id<"_storage">, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(at(await http().query(api.files.url, { id })), { headers });
  const kept = () => readdirSync(join(fixture.stateFolder, "files"));

  test("are put by an upload address, and fetched whole or in part by an address of their own", async () => {
    const text = "hello, wörld";
    const id = await stored(text, { "content-type": "text/plain; charset=utf-8" });
    expect(await http().query(api.files.metadata, { id })).toMatchObject({
      _id: id,
      sha256: sha256(text),
      size: 13,
      contentType: "text/plain; charset=utf-8",
    });
    const whole = await fetchStored(id);
    expect(await whole.text()).toBe(text);
    expect(whole.headers.get("content-type")).toBe("text/plain; charset=utf-8");
    expect(whole.headers.get("digest")).toBe(`sha-256=${sha256(text, "base64")}`);
    for (const [range, part, said] of [
      ["bytes=0-4", "hello", "bytes 0-4/13"],
      ["bytes=7-", "wörld", "bytes 7-12/13"],
      ["bytes=-3", "rld", "bytes 10-12/13"],
      ["bytes=9-99", "rld".padStart(4, "\u{fffd}"), "bytes 9-12/13"],
    ] as const) {
      const answer = await fetchStored(id, { range });
      expect([answer.status, await answer.text(), answer.headers.get("content-range")]).toEqual([206, part, said]);
    }
    expect((await fetchStored(id, { range: "bytes=13-" })).status).toBe(416);
  });

  test("may be empty, and are there after a restart", async () => {
    const [empty, full] = [await stored(""), await stored("kept")];
    await fixture.restart();
    expect(await (await fetchStored(empty)).text()).toBe("");
    expect(await (await fetchStored(full)).text()).toBe("kept");
  });

  test("are stored and read by actions", async () => {
    const id = await http().action(api.files.storeText, { text: "from an action", sha256: sha256("from an action") });
    expect(await http().action(api.files.readText, { id })).toEqual({ text: "from an action", type: "text/plain" });
    const [url, upload] = await http().action(api.files.addressesInAction, { id });
    expect(await (await fetch(at(url ?? null))).text()).toBe("from an action");
    expect((await put("x", {}, at(upload ?? null))).status).toBe(200);
  });

  test("whose bytes are other than was said are refused, and leave nothing", async () => {
    await expect(http().action(api.files.storeText, { text: "a", sha256: sha256("b") })).rejects.toThrow();
    expect((await put("a", { digest: `sha-256=${sha256("b", "base64")}` })).status).toBe(400);
    expect((await put("a", { digest: `sha-256=${sha256("a", "base64")}` })).status).toBe(200);
    expect(kept()).toHaveLength(1);
    expect(await http().query(api.files.all, {})).toBe(1);
  });

  test("are gone with their document, and stay where the deletion is undone", async () => {
    const id = await stored("to be deleted");
    const url = watch(fixture.client(), api.files.url, { id });
    await url.until((value) => value !== null);
    await expect(http().mutation(api.files.removeThenFail, { id })).rejects.toThrow();
    expect(await (await fetchStored(id)).text()).toBe("to be deleted");
    await http().mutation(api.files.remove, { id });
    expect(await url.until((value) => value === null)).toBeNull();
    expect((await fetch(at(url.values[0] ?? null))).status).toBe(404);
    await vi.waitFor(() => expect(kept()).toEqual([]));
    expect(await http().action(api.files.readText, { id })).toBeNull();
    await expect(http().mutation(api.files.remove, { id })).rejects.toThrow();
  });

  test("are put and fetched by nobody who made the address up, or kept it for too long", async () => {
    const id = await stored("mine");
    const address = at(await http().query(api.files.url, { id }));
    expect((await fetch(address.slice(0, -1))).status).toBe(404);
    expect((await fetch(`${fixture.url}/api/storage/${id}`)).status).toBe(404);
    const upload = at(await http().mutation(api.files.uploadUrl, {}));
    expect((await put("x", {}, upload.replace(/token=\d+/, "token=9999999999999"))).status).toBe(403);
    expect((await put("x", {}, `${fixture.url}/api/storage/upload`)).status).toBe(403);
    expect((await fetch(upload, { method: "POST", body: "x", headers: { origin: "https://evil.test" } })).status).toBe(
      403,
    );
    expect((await put("x", { origin: testOrigin }, upload)).status).toBe(200);
    nowMs += 3_600_001;
    expect((await put("x", {}, upload)).status).toBe(403);
  });

  test("cannot run as a page of the server", async () => {
    const answer = await fetchStored(await stored("<script>alert(1)</script>", { "content-type": "text/html" }));
    expect(answer.headers.get("content-security-policy")).toMatch(/^sandbox;/);
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
  });

  test("that a server left half received are removed by the next one", async () => {
    const id = await stored("whole");
    writeFileSync(join(fixture.stateFolder, "files", `.incoming-${"a".repeat(32)}`), "half");
    await fixture.restart();
    expect(kept()).toEqual([id]);
  });
});
