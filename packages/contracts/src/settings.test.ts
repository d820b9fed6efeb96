import { Result } from "effect";
import { describe, expect, test } from "vitest";
import {
  addressSetting,
  choice,
  decodeSettings,
  optional,
  originSetting,
  portSetting,
  type Settings,
  textSetting,
  wholeNumber,
  withDefault,
} from "./settings.ts";

const table = {
  PORT: withDefault(portSetting(), "3000"),
  APP_ORIGIN: originSetting("http://app.test"),
  STATE: textSetting("the folder of users"),
  MODE: optional(choice("fast", "slow")),
} satisfies Settings;

const sentencesOf = (settings: Settings, environment: Record<string, string>): readonly string[] => {
  const decoded = decodeSettings(settings, environment);
  return Result.isFailure(decoded) ? decoded.failure.map(({ sentence }) => sentence) : [];
};
const isTaken = (setting: Settings[string], text: string) => sentencesOf({ KEY: setting }, { KEY: text }).length === 0;

describe("an environment", () => {
  test("is decoded, with what absent settings stand for, and empty ones are absent", () => {
    const environment = { APP_ORIGIN: "http://app.test", STATE: " /state ", MODE: "", OTHER: "x" };
    expect(decodeSettings(table, environment)).toEqual(
      Result.succeed({ PORT: 3000, APP_ORIGIN: "http://app.test", STATE: "/state", MODE: undefined }),
    );
  });

  test("that is wrong is refused with a sentence for each setting: its name, what it holds and what is expected", () => {
    expect(sentencesOf(table, { PORT: "abc", APP_ORIGIN: "http://app.test/", MODE: "medium" })).toEqual([
      'PORT is "abc", not a port number from 1 to 65535 (default 3000)',
      "APP_ORIGIN is not an origin such as http://app.test",
      "STATE is not set; it takes the folder of users",
      'MODE is "medium", not fast or slow',
    ]);
  });

  test("never has an address or a long text quoted in full", () => {
    const [address = ""] = sentencesOf({ URL: addressSetting("http://a.test") }, { URL: "ftp://user:canary@a.test" });
    expect(address).not.toContain("canary");
    const [port = ""] = sentencesOf({ PORT: portSetting() }, { PORT: "9".repeat(5_000) });
    expect(port.length).toBeLessThan(150);
  });
});

test.each(["0", "65536", "1.5", "-1", "1e3", "0x50", "many"])("%s is no port", (text) => {
  expect(isTaken(portSetting(), text)).toBe(false);
});

test.each(["1", "65535", "080"])("%s is a port", (text) => {
  expect(isTaken(portSetting(), text)).toBe(true);
});

test("a whole number has its bounds, and both belong to it", () => {
  const taken = ["4", "5", "9", "10"].filter((text) => isTaken(wholeNumber(5, 9), text));
  expect(taken).toEqual(["5", "9"]);
});

test("an origin has no path and an http scheme; an address may have one", () => {
  const texts = ["http://a.test", "http://a.test/", "https://a.test/x", "ftp://a.test", "a.test", "HTTP://A.test"];
  const takenBy = (setting: Settings[string]) => texts.filter((text) => isTaken(setting, text));
  expect(takenBy(originSetting("http://a.test"))).toEqual(["http://a.test"]);
  expect(takenBy(addressSetting("http://a.test"))).toEqual(texts.filter((text) => /^http/i.test(text)));
});
