import { expect, test } from "vitest";
import { findTargetIn, readTargets } from "./targets.ts";

test("a host of which the operator says where it is leads there, and any other to a public address alone", async () => {
  const targets = readTargets("mirror.corp.test=10.0.0.5:8443, other.test=127.0.0.1:443");
  const find = findTargetIn(targets ?? new Map());
  expect(await find("mirror.corp.test")).toEqual({ address: "10.0.0.5", port: 8443 });
  // This name always has the machine's own address.
  expect(await find("x.localhost")).toBeUndefined();
});

test.each(["", "mirror.test", "mirror.test=10.0.0.5", "mirror.test=10.0.0.5:0", "a=1.2.3.4:1;b=1.2.3.4:1", "a=b:1"])(
  "%j does not say where hosts are",
  (text) => {
    expect(readTargets(text)).toBeNull();
  },
);
