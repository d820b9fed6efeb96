import { ThreadId } from "@threadbox/contracts/ids";
import type { SecretExposure } from "@threadbox/contracts/secrets";
import { expect, test } from "vitest";
import { exposuresCsv, wayText } from "./exposures.ts";

const way: SecretExposure = {
  version: 2,
  kind: "egress",
  threadId: ThreadId.make("abcd0123456789wxyz"),
  host: "api.test",
  firstAt: 0,
  lastAt: 1_000,
};

test("a way is told by who took it and where it led", () => {
  expect(wayText(way)).toBe("Requests → api.test");
  expect(wayText({ ...way, kind: "gateway", host: "model.test" })).toBe("Model gateway → model.test");
  expect(wayText({ ...way, kind: "sandbox", host: null })).toBe("Sandbox");
});

test("all ways are kept as a table without a formula", () => {
  expect(exposuresCsv([way, { ...way, kind: "sandbox", host: null }])).toBe(
    "version,kind,threadId,host,firstAt,lastAt\r\n" +
      "2,egress,abcd0123456789wxyz,api.test,1970-01-01T00:00:00.000Z,1970-01-01T00:00:01.000Z\r\n" +
      "2,sandbox,abcd0123456789wxyz,,1970-01-01T00:00:00.000Z,1970-01-01T00:00:01.000Z\r\n",
  );
});
