import { describe, expect, test } from "vitest";
import { readAddress } from "./address.ts";

const read = (typed: string, operators: readonly string[] = []) => readAddress(typed, operators);

describe("the address of a key", () => {
  test.each([
    ["https://api.example.com/v1", "https://api.example.com/v1"],
    ["  https://API.Example.com/v1/ ", "https://api.example.com/v1"],
    ["https://api.example.com:443", "https://api.example.com"],
  ])("%j is kept as %s", (typed, url) => {
    expect(read(typed)).toEqual({ url, host: "api.example.com", isOperators: false });
  });

  test.each([
    ["", "address"],
    ["api.example.com", "address"],
    ["ftp://api.example.com", "address"],
    ["file:///etc/passwd", "address"],
    ["http://api.example.com/v1", "scheme"],
    ["https://user:word@api.example.com/v1", "more"],
    ["https://api.example.com/v1?key=1", "more"],
    ["https://api.example.com/v1#x", "more"],
    ["https://api.example.com:8443/v1", "host"],
    ["https://127.0.0.1/v1", "host"],
    ["https://2130706433/v1", "host"],
    ["https://0x7f.1/v1", "host"],
    ["https://[::1]/v1", "host"],
    ["https://[::ffff:10.0.0.1]/v1", "host"],
    ["https://169.254.169.254/latest", "host"],
    ["https://localhost/v1", "host"],
    ["https://a.localhost/v1", "host"],
    ["https://metadata.google.internal/v1", "host"],
    ["https://printer.local/v1", "host"],
    ["https://intranet/v1", "host"],
  ])("%j is refused", (typed, problem) => {
    expect(read(typed)).toEqual({ problem });
  });

  test("may be in the operator's own network where the operator vouches for exactly that host and port", () => {
    const operators = ["ollama.internal:11434"];
    expect(read("http://ollama.internal:11434/v1", operators)).toEqual({
      url: "http://ollama.internal:11434/v1",
      host: "ollama.internal:11434",
      isOperators: true,
    });
    expect(read("http://ollama.internal:22/v1", operators)).toEqual({ problem: "scheme" });
    expect(read("https://ollama.internal/v1", operators)).toEqual({ problem: "host" });
  });
});
