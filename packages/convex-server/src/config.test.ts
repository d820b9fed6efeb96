import { describe, expect, test } from "vitest";
import { decodeConfig } from "./config.ts";

const good = { APP_ORIGIN: "http://threadbox.localhost:3000", CONVEX_STATE: "/state", CONVEX_DIR: import.meta.dirname };

describe("the configuration", () => {
  test("has defaults where one is sensible", () => {
    expect(decodeConfig(good, [])).toEqual({
      port: 3210,
      functionsFolder: import.meta.dirname,
      stateFolder: "/state",
      appOrigin: "http://threadbox.localhost:3000",
      functionEnv: {},
      isDevelopment: false,
    });
  });

  test("gives functions the listed variables that are set, and no others", () => {
    const env = { ...good, CONVEX_FUNCTION_ENV: "A, B,C", A: "1", B: "", SECRET: "x" };
    expect(decodeConfig(env, ["--watch"])).toMatchObject({ functionEnv: { A: "1", B: "" }, isDevelopment: true });
  });

  test("that is wrong is refused with every bad key at once", () => {
    const env = { CONVEX_PORT: "0", APP_ORIGIN: "http://a.test/", CONVEX_DIR: "/nowhere", CONVEX_FUNCTION_ENV: "a b" };
    expect(() => decodeConfig(env, ["--wach"])).toThrow(
      /CONVEX_PORT is "0", not a port.*CONVEX_DIR.*CONVEX_STATE is not set.*APP_ORIGIN.*CONVEX_FUNCTION_ENV is "a b".*--wach/,
    );
    expect(() => decodeConfig(good, ["--wach"])).toThrow("Bad configuration: unknown flag --wach.");
  });
});
