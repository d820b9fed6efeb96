import { Redacted } from "effect";
import { describe, expect, test } from "vitest";
import { ConfigError, decodeConfig } from "./config.ts";

const complete = {
  SANDBOX_HOST_TOKEN: "t".repeat(32),
  SANDBOX_STATE: "/state",
  MODEL_GATEWAY_URL: "http://127.0.0.1:8787/internal/model",
};

const failureOf = (environment: Record<string, string | undefined>): ConfigError => {
  try {
    decodeConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error("The configuration was accepted.");
};

describe("configuration", () => {
  test("limits and port have defaults", () => {
    const config = decodeConfig(complete);
    expect(config.port).toBe(4200);
    expect(config.limits).toEqual({ memoryMib: 2048, pids: 512, cpus: 2, tmpfsMib: 512, fileMib: 4096 });
    expect(config.diskReserveMib).toBe(1024);
    expect(config.diskLimits).toEqual({ mib: 4096, files: 250_000 });
    expect(config.disks).toBe("auto");
    expect(Redacted.value(config.token)).toBe(complete.SANDBOX_HOST_TOKEN);
  });

  test.each([
    [undefined, 0.5, 2],
    [undefined, 8.2, 8],
    [undefined, 64, 16],
    ["", 8, 8],
    ["1", 64, 1],
    ["40", 1, 40],
  ])("SANDBOX_RUNNING_MAX %s with %d GiB of memory lets %d sandboxes run at once", (given, gibibytes, expected) => {
    expect(decodeConfig({ ...complete, SANDBOX_RUNNING_MAX: given }, gibibytes * 1024 ** 3).runningMax).toBe(expected);
  });

  test.each(["0", "1.5", "many"])("SANDBOX_RUNNING_MAX %s is refused", (given) => {
    expect(failureOf({ ...complete, SANDBOX_RUNNING_MAX: given }).keys).toEqual(["SANDBOX_RUNNING_MAX"]);
  });

  test("every bad key is named at once", () => {
    const error = failureOf({ MODEL_GATEWAY_URL: "ftp://x", SANDBOX_PIDS: "many", SANDBOX_HOST_TOKEN: "short" });
    expect([...error.keys].sort()).toEqual([
      "MODEL_GATEWAY_URL",
      "SANDBOX_HOST_TOKEN",
      "SANDBOX_PIDS",
      "SANDBOX_STATE",
    ]);
  });

  test("disks are kept on folders where that is asked for, and on nothing else", () => {
    expect(decodeConfig({ ...complete, SANDBOX_DISKS: "folders" }).disks).toBe("folders");
    const bad = { SANDBOX_DISKS: "images", SANDBOX_DISK_MIB: "63", SANDBOX_DISK_FILES: "999" };
    expect([...failureOf({ ...complete, ...bad }).keys].sort()).toEqual(Object.keys(bad).sort());
  });

  test("a refused token does not appear in the message", () => {
    expect(failureOf({ ...complete, SANDBOX_HOST_TOKEN: "too-short-secret" }).message).not.toContain(
      "too-short-secret",
    );
  });

  test("where ends are told is an address, or nobody is told", () => {
    expect(decodeConfig(complete).endsUrl).toBeUndefined();
    const endsUrl = "http://127.0.0.1:8787/internal/sandbox-host/ended";
    expect(decodeConfig({ ...complete, SANDBOX_ENDS_URL: endsUrl }).endsUrl?.href).toBe(endsUrl);
    expect(failureOf({ ...complete, SANDBOX_ENDS_URL: "ended" }).keys).toEqual(["SANDBOX_ENDS_URL"]);
  });

  test("where hosts without a public address are is said by name and address, or nowhere", () => {
    const targets = (text: string) => [...decodeConfig({ ...complete, EGRESS_ADDRESSES: text }).egressAddresses];
    expect(targets("")).toEqual([]);
    expect(targets("mirror.test=10.0.0.5:8443")).toEqual([["mirror.test", { address: "10.0.0.5", port: 8443 }]]);
    expect(failureOf({ ...complete, EGRESS_ADDRESSES: "mirror.test" }).keys).toEqual(["EGRESS_ADDRESSES"]);
  });

  test("an empty value counts as missing", () => {
    expect(failureOf({ ...complete, SANDBOX_STATE: "" }).keys).toEqual(["SANDBOX_STATE"]);
  });
});
