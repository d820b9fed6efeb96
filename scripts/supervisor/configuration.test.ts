import { describe, expect, test } from "vitest";
import { decodeConfiguration } from "./configuration.ts";
import { StartRefusal } from "./start-refusal.ts";

describe("the configuration of npm start", () => {
  test("defaults to the documented ports, the local identity and a state folder in the repository", () => {
    const configuration = decodeConfiguration({});
    expect(configuration.ports).toEqual({
      web: 3000,
      worker: 8787,
      convex: 3210,
      identity: 4100,
      sandboxHost: 4200,
      codemode: 4300,
      codemodeWatchdog: 4301,
    });
    expect(configuration.appOrigin).toBe("http://threadbox.localhost:3000");
    expect(configuration.identity).toMatchObject({ kind: "local", audience: "client_local" });
    expect(configuration.home.endsWith("/.threadbox")).toBe(true);
  });

  test("names every bad key at once", () => {
    expect(() =>
      decodeConfiguration({ PORT: "x", WORKER_PORT: "0", MODEL_BASE_URL: "ftp://a", CONVEX_URL: "no" }),
    ).toThrow(/PORT is "x", not a port number from 1 to 65535.*WORKER_PORT.*CONVEX_URL.*MODEL_BASE_URL.*MODEL_NAME/);
  });

  test("a model's name or key without its address is refused: the demo model would answer in its place", () => {
    for (const key of ["MODEL_NAME", "MODEL_API_KEY"]) {
      expect(() => decodeConfiguration({ [key]: "sk-canary" })).toThrow(
        new StartRefusal(`MODEL_BASE_URL is needed with ${key}`),
      );
    }
    expect(decodeConfiguration({ MODEL_NAME: "", MODEL_API_KEY: "" }).model.MODEL_NAME).toBe("");
  });

  test("takes the limits of sandboxes that are set, and leaves the others to the sandbox host", () => {
    const env = { SANDBOX_RUNNING_MAX: "3", SANDBOX_MEMORY_MIB: "768", SANDBOX_PIDS: "", SANDBOX_HOST_TOKEN: "x" };
    expect(decodeConfiguration(env).sandboxLimits).toEqual({ SANDBOX_RUNNING_MAX: "3", SANDBOX_MEMORY_MIB: "768" });
    expect(decodeConfiguration({ SANDBOX_DISKS: "folders" }).sandboxLimits).toEqual({ SANDBOX_DISKS: "folders" });
    expect(decodeConfiguration({}).sandboxLimits).toEqual({});
  });

  test("names every limit that is no whole number, and a kind of disks that is none", () => {
    expect(() =>
      decodeConfiguration({ SANDBOX_RUNNING_MAX: "many", SANDBOX_IDLE_MINUTES: "-1", SANDBOX_DISKS: "x" }),
    ).toThrow(/SANDBOX_IDLE_MINUTES.*SANDBOX_RUNNING_MAX.*SANDBOX_DISKS/);
  });

  test("refuses one port for two processes", () => {
    expect(() => decodeConfiguration({ PORT: "8787" })).toThrow(/seven different ports/);
  });

  test("uses WorkOS when a client id is given, without an audience", () => {
    const { identity } = decodeConfiguration({ WORKOS_CLIENT_ID: "client_123" });
    expect(identity).toMatchObject({
      kind: "workos",
      issuer: "https://api.workos.com/user_management/client_123",
      audience: "",
      isHttps: true,
    });
  });
});
