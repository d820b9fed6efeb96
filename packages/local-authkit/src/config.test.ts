import { describe, expect, test } from "vitest";
import { readConfig } from "./config.ts";

const good = { AUTH_STATE: "/tmp/auth", APP_ORIGIN: "http://threadbox.localhost:3000" };

describe("the configuration", () => {
  test("needs a folder and the page's origin, and fills in the rest", () => {
    expect(readConfig(good)).toEqual({
      port: 4100,
      stateFolder: "/tmp/auth",
      appOrigin: "http://threadbox.localhost:3000",
      clientId: "client_local",
    });
  });

  test("names every bad key at once", () => {
    const bad = { AUTH_PORT: "high", APP_ORIGIN: "http://threadbox.localhost:3000/", AUTH_CLIENT_ID: "a b" };
    expect(() => readConfig(bad)).toThrow(
      /AUTH_PORT is "high", not a port number from 0 to 65535.*AUTH_STATE is not set.*APP_ORIGIN.*AUTH_CLIENT_ID is "a b"/,
    );
  });
});
