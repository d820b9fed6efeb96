import { generateKeyPairSync } from "node:crypto";
import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { authorityFiles, openAuthority } from "./authority.ts";

const now = Date.UTC(2026, 10, 28);
const yearMs = 365 * 24 * 3_600_000;

let state: string;
beforeEach(async () => {
  state = await fs.mkdtemp(path.join(os.tmpdir(), "threadbox-authority-"));
  onTestFinished(() => fs.rm(state, { recursive: true }));
});

const modeOf = async (...names: string[]) =>
  ((await fs.stat(path.join(state, "authority", ...names))).mode & 0o777).toString(8);
const serialAt = async (at: number) => (await openAuthority(state, at)).certificate.serialNumber;

describe("the certificate authority", () => {
  test("stays the same from start to start, until its last year", async () => {
    const first = await serialAt(now);
    expect(await serialAt(now + 8 * yearMs)).toBe(first);
    expect(await serialAt(now + 9.5 * yearMs)).not.toBe(first);
  });

  test("keeps its key from everybody else, and in no file that a sandbox sees", async () => {
    const { publicFolder } = await openAuthority(state, now);
    expect([await modeOf(), await modeOf("key.pem"), await modeOf("public")]).toEqual(["700", "600", "755"]);
    expect((await fs.readdir(publicFolder)).sort()).toEqual(Object.values(authorityFiles).sort());
    for (const file of Object.values(authorityFiles)) {
      expect(await fs.readFile(path.join(publicFolder, file), "utf8")).not.toContain("PRIVATE");
    }
  });

  test("is in the bundle once, beside those that everybody believes", async () => {
    await openAuthority(state, now);
    const { publicFolder, certificate } = await openAuthority(state, now);
    const bundle = await fs.readFile(path.join(publicFolder, authorityFiles.bundle), "utf8");
    expect(bundle.split(certificate.toString("pem").trim())).toHaveLength(2);
    expect(bundle.match(/BEGIN CERTIFICATE/g)?.length).toBeGreaterThan(50);
  });

  test("is made anew where the key on disk is another one's, as after an end between two writes", async () => {
    const first = await serialAt(now);
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    await fs.writeFile(path.join(state, "authority", "key.pem"), privateKey.export({ type: "pkcs8", format: "pem" }));
    expect(await serialAt(now)).not.toBe(first);
  });

  test.each(["key.pem", path.join("public", authorityFiles.certificate)])(
    "is made anew where %s is gone or broken",
    async (file) => {
      const first = await serialAt(now);
      await fs.writeFile(path.join(state, "authority", file), "broken");
      const second = await serialAt(now);
      expect(second).not.toBe(first);
      await fs.rm(path.join(state, "authority", file));
      expect(await serialAt(now)).not.toBe(second);
    },
  );
});
