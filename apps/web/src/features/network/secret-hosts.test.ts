import { expect, test } from "vitest";
import { readSecretHosts } from "./secret-hosts.ts";

test("hosts are read with spaces and commas between, each once, and an address is its host", () => {
  expect(readSecretHosts(" API.example.com, https://b.example.com/v1  api.example.com ", [])).toEqual({
    hosts: ["api.example.com", "b.example.com"],
  });
  expect(readSecretHosts("", [])).toEqual({ hosts: [] });
  expect(readSecretHosts("mirror.internal 127.0.0.1:11434", ["mirror.internal", "127.0.0.1:11434"])).toEqual({
    hosts: ["mirror.internal", "127.0.0.1:11434"],
  });
});

test.each([
  ["api.example.com 10.0.0.1", /^“10\.0\.0\.1”: That’s an address of a machine/],
  ["a", /^“a”: That isn’t a full host name/],
  ["nas.local", /^“nas\.local”: That’s a name on a local network/],
  ["*.example.com", /^“\*\.example\.com”: A secret is sent to named hosts only/],
  ["example.com:8443", /^“example\.com:8443”: Only port 443/],
])("of %j is said what is wrong", (typed, words) => {
  expect(readSecretHosts(typed, [])).toEqual({ problem: expect.stringMatching(words) });
});

test("so many hosts are taken, and no more", () => {
  const hosts = (count: number) => Array.from({ length: count }, (_, index) => `h${index}.example`).join(" ");
  expect(readSecretHosts(hosts(20), [])).toMatchObject({ hosts: expect.objectContaining({ length: 20 }) });
  expect(readSecretHosts(hosts(21), [])).toEqual({ problem: "At most 20 hosts." });
});
