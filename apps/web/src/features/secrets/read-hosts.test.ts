import { expect, test } from "vitest";
import { readHosts } from "./read-hosts.ts";

test("hosts are read from lines, each once, and an address is its host", () => {
  expect(readHosts("\nb.example\n https://a.example/path \n*.c.example, b.example\n")).toEqual({
    rules: ["b.example", "a.example", "*.c.example"],
  });
  expect(readHosts("  \n")).toEqual({ rules: [] });
});

test("what is no host is named, with what is wrong", () => {
  expect(readHosts("a.example\n10.0.0.1\nb")).toEqual({ problem: expect.stringMatching(/^“10\.0\.0\.1”: .*name/) });
});

test("so many hosts are taken, and no more", () => {
  const hosts = (count: number) => Array.from({ length: count }, (_, index) => `h${index}.example`).join("\n");
  expect(readHosts(hosts(200))).toMatchObject({ rules: expect.objectContaining({ length: 200 }) });
  expect(readHosts(hosts(201))).toEqual({ problem: "At most 200 hosts." });
});
