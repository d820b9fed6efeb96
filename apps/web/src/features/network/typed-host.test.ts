import { expect, test } from "vitest";
import { readTypedHost } from "./typed-host.ts";

test.each([
  ["api.example.com", "api.example.com"],
  ["https://API.example.com/v1/things?q=1#x", "api.example.com"],
  ["http://example.com", "example.com"],
  ["https://me:word@example.com/", "example.com"],
  ["*.example.com", "*.example.com"],
  ["bücher.example", "xn--bcher-kva.example"],
  ["*.bücher.example", "*.xn--bcher-kva.example"],
])("%s means the host %s", (typed, rule) => {
  expect(readTypedHost(typed)).toEqual({ rule });
});

test.each([
  ["https://example.com:8443/", "port"],
  ["http://10.0.0.1/", "address"],
  ["https://[::1]/", "address"],
  ["https://", "more"],
  ["example.com/path", "more"],
  ["bü cher.example", "more"],
])("%s means none: %s", (typed, problem) => {
  expect(readTypedHost(typed)).toEqual({ problem });
});
