import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { ensureKeys } from "./keys.ts";
import { StartRefusal } from "./start-refusal.ts";

const makeHome = () => {
  const home = mkdtempSync(join(tmpdir(), "threadbox-keys-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  return home;
};

test("the keys lie in a file that only its owner reads, and stay the same at the next start", async () => {
  const home = makeHome();
  const keys = await ensureKeys(home);
  expect(statSync(join(home, "keys.json")).mode & 0o777).toBe(0o600);
  expect(await ensureKeys(home)).toEqual(keys);
});

test("keys that are damaged or incomplete are refused by the name of their file, unrepeated and untouched", async () => {
  const home = makeHome();
  const path = join(home, "keys.json");
  const { sandboxNameKey, ...others } = await ensureKeys(home);
  const whole = readFileSync(path, "utf8");
  for (const text of ["", "{}", "null", whole.slice(0, -40), JSON.stringify(others), `${sandboxNameKey} {`]) {
    writeFileSync(path, text);
    const refusal = await ensureKeys(home).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(StartRefusal);
    expect(String(refusal)).toContain(`${path} is damaged`);
    expect(String(refusal)).not.toContain(sandboxNameKey.slice(0, 6));
    expect(readFileSync(path, "utf8")).toBe(text);
  }
});

test("keys of before the vault, the snapshots and codemode get keys for them, once, and keep all others", async () => {
  const home = makeHome();
  const path = join(home, "keys.json");
  const { vault: _, snapshotKey: __, codemodeKey: ___, ...before } = await ensureKeys(home);
  writeFileSync(path, JSON.stringify(before));
  const keys = await ensureKeys(home);
  expect(keys).toEqual({
    ...before,
    vault: { keys: [{ kty: "oct", kid: expect.any(String), k: expect.any(String) }] },
    snapshotKey: expect.any(String),
    codemodeKey: expect.any(String),
  });
  expect(await ensureKeys(home)).toEqual(keys);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  writeFileSync(path, JSON.stringify({ ...before, vault: { keys: [{}] } }));
  await expect(ensureKeys(home)).rejects.toThrow("is damaged");
});
