import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { decodeConfiguration } from "./configuration.ts";
import { ensureKeys, type Keys } from "./keys.ts";
import { processSpecs } from "./process-specs.ts";

let home: string;
let keys: Keys;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "threadbox-keys-"));
  keys = await ensureKeys(home);
});
afterAll(() => rmSync(home, { recursive: true }));

const specsFor = (env: Record<string, string>) => processSpecs(decodeConfiguration(env), keys, { isDev: false });
const holdersOf = (value: string, env: Record<string, string> = {}) =>
  specsFor(env)
    .filter((spec) => JSON.stringify(spec.env).includes(value))
    .map(({ name }) => name);

describe("the keys of an installation", () => {
  test("the model key reaches the worker and no other process", () => {
    const env = { MODEL_BASE_URL: "http://127.0.0.1:1/v1", MODEL_API_KEY: "sk-canary", MODEL_NAME: "m" };
    expect(holdersOf("sk-canary", env)).toEqual(["worker"]);
  });

  test("the token of programs that make sandboxes reaches the worker and no other process", () => {
    expect(
      holdersOf("a-token-of-another-program-of-ours", { AGENTPOD_API_TOKEN: "a-token-of-another-program-of-ours" }),
    ).toEqual(["worker"]);
  });

  test("where ChatGPT logins lead is told to the worker, and to nobody else", () => {
    expect(holdersOf("issuer.test", { OPENAI_ISSUER_URL: "http://issuer.test" })).toEqual(["worker"]);
    expect(holdersOf("OPENAI_ISSUER_URL")).toEqual([]);
  });

  test("the private half of each signing pair reaches its signer only", () => {
    expect(holdersOf(String(keys.threadToken.private.d))).toEqual(["web"]);
    expect(holdersOf(String(keys.serviceToken.private.d))).toEqual(["worker"]);
  });

  test("the sandbox host holds its control token and none of the worker's keys", () => {
    expect(holdersOf(keys.sandboxHostToken)).toEqual(["sandbox-host", "worker"]);
    expect(holdersOf(keys.sandboxCredentialKey)).toEqual(["worker"]);
    expect(holdersOf(keys.snapshotKey)).toEqual(["sandbox-host"]);
    expect(holdersOf(String(keys.vault.keys[0]?.k))).toEqual(["worker"]);
  });
});

describe("the machine that runs programs", () => {
  test("holds what the worker shows it and nothing else of the installation", () => {
    expect(holdersOf(keys.codemodeKey)).toEqual(["codemode", "worker"]);
    const machine = specsFor({}).find(({ name }) => name === "codemode");
    expect(Object.keys(machine?.env ?? {})).toEqual(["CODEMODE_PORT", "CODEMODE_WATCHDOG_PORT", "CODEMODE_KEY"]);
  });
});

describe("the processes of an installation", () => {
  test("the limits of sandboxes reach the sandbox host, the time after which one sleeps the worker, and nobody else", () => {
    const env = { SANDBOX_RUNNING_MAX: "3", SANDBOX_DISK_RESERVE_MIB: "64", SANDBOX_IDLE_MINUTES: "7" };
    const holding = specsFor(env).flatMap(({ name, env: given }) =>
      Object.keys(env).flatMap((key) => (given[key] === undefined ? [] : [[name, key, given[key]]])),
    );
    expect(holding).toEqual([
      ["sandbox-host", "SANDBOX_RUNNING_MAX", "3"],
      ["sandbox-host", "SANDBOX_DISK_RESERVE_MIB", "64"],
      ["worker", "SANDBOX_IDLE_MINUTES", "7"],
    ]);
    const keys = specsFor({}).flatMap(({ env: given }) => Object.keys(given));
    expect(keys.filter((key) => key in env)).toEqual([]);
  });

  test("leave files that only their owner reads; what a sandbox inherits is the usual", () => {
    const open = specsFor({}).filter(({ umask }) => umask !== 0o077);
    expect(open.map(({ name, umask }) => [name, umask])).toEqual([["sandbox-host", 0o022]]);
  });

  test("a Convex deployment or WorkOS elsewhere replaces the local process", () => {
    const env = { CONVEX_URL: "https://happy-animal-1.convex.cloud", WORKOS_CLIENT_ID: "client_1" };
    expect(specsFor(env).map(({ name }) => name)).toEqual(["sandbox-host", "codemode", "worker", "web"]);
  });
});
