import { expect, test } from "vitest";
import { anchorsOf } from "./anchors.ts";

test("entries that say nothing of a receipt, or what is none, anchor nothing", () => {
  const details = [
    '{"end":"returned","calls":0,"receipt":{"sequence":2,"hash":"b"}}',
    '{"end":"returned","calls":0}',
    '{"receipt":{"sequence":"3","hash":"c"}}',
    '{"receipt":null}',
    "null",
    "{",
  ];
  expect([...anchorsOf(details.map((detail) => ({ detail })))]).toEqual([[2, "b"]]);
});
