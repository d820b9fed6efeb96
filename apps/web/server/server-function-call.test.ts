import { type ErrorTag, errorTable } from "@threadbox/contracts/errors";
import { describe, expect, test } from "vitest";
import { callBody, type PlainText } from "./server-function-call.testing.ts";
import { readServerFunctionCall } from "./server-function-call.ts";

const path = "/_serverFn/issueThreadToken";
const address = (pathname: string) => `http://threadbox.localhost:3000${pathname}`;
const json = { "content-type": "application/json" };

const read = (body: BodyInit, { pathname = path, headers = json }: { pathname?: string; headers?: HeadersInit } = {}) =>
  readServerFunctionCall(new Request(address(pathname), { method: "POST", headers, body }), pathname);

const tagOf = async (result: ReturnType<typeof read>): Promise<ErrorTag | "taken"> => {
  const call = await result;
  return call instanceof Request ? "taken" : call.tag;
};

/** Chunks without end, and how many were taken of them. */
const endless = () => {
  const taken = { chunks: 0 };
  const body = new ReadableStream({
    pull: (controller) => {
      taken.chunks += 1;
      controller.enqueue(new Uint8Array(16_384));
    },
  });
  return { body, taken };
};

describe("a call of a server function", () => {
  test("as the page makes it reaches the framework with what it says and what it carries", async () => {
    const headers = { ...json, authorization: "Bearer a.b.c", "x-tsr-serverfn": "true" };
    const call = await read(callBody({ threadId: "abc" }), { headers });
    if (!(call instanceof Request)) throw new Error(call.tag);
    expect(await call.text()).toBe(callBody({ threadId: "abc" }));
    expect(call.headers.get("authorization")).toBe("Bearer a.b.c");
    expect(call.headers.get("x-tsr-serverfn")).toBe("true");
  });

  test.each(["nothing", "__proto__", "constructor", "toString", "", "issueThreadToken/x", "issuethreadtoken"])(
    "of the unknown function %j is not found",
    async (id) => {
      expect(await tagOf(read(callBody({}), { pathname: `/_serverFn/${id}` }))).toBe("NotFound");
    },
  );

  test("by another method names the right one", async () => {
    const refusal = await readServerFunctionCall(new Request(address(path)), path);
    expect(refusal).toMatchObject({ tag: "MethodNotAllowed", headers: { allow: "POST" } });
  });

  test.each([
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/jsonx",
  ])("as %s is of the wrong type", async (type) => {
    const tag = await tagOf(read(callBody({ threadId: "abc" }), { headers: { "content-type": type } }));
    expect(tag === "taken" ? tag : errorTable[tag].status).toBe(415);
  });

  test("may name its charset", async () => {
    const headers = { "content-type": "Application/JSON; charset=utf-8" };
    expect(await tagOf(read(callBody({ threadId: "abc" }), { headers }))).toBe("taken");
  });

  test.each([
    ["nothing", ""],
    ["half an object", "{"],
    ["null", "null"],
    ["a list", "[]"],
    ["a string", '"x"'],
    ["another form", '{"data":{"threadId":"abc"}}'],
    ["a prototype", '{"__proto__":{"t":1}}'],
    ["a deep list", "[".repeat(10_000)],
    ["a string at its root", '{"t":{"t":1,"s":"x"}}'],
    ["a regular expression", '{"t":{"t":6,"i":0,"c":"(a+)+$","m":""}}'],
    ["a promise inside", '{"t":{"t":10,"i":0,"p":{"k":["data"],"v":[{"t":22,"i":1,"s":2}]},"o":0}}'],
    ["more keys than values", '{"t":{"t":10,"i":0,"p":{"k":["a","b"],"v":[{"t":1,"s":"x"}]},"o":0}}'],
    ["a key that is none", '{"t":{"t":10,"i":0,"p":{"k":[{}],"v":[{"t":1,"s":"x"}]},"o":0}}'],
    ["broken text", new Uint8Array([0x22, 0xff, 0x22])],
  ])("that sends %s is refused before the framework sees it", async (_name, body) => {
    expect(await tagOf(read(body))).toBe("ValidationError");
  });

  test("that nests deeper than any of ours is refused", async () => {
    const nested = (depth: number): PlainText => (depth === 0 ? {} : { a: nested(depth - 1) });
    expect(await tagOf(read(callBody(nested(4))))).toBe("taken");
    expect(await tagOf(read(callBody(nested(500))))).toBe("ValidationError");
  });

  test("that announces too much is not read", async () => {
    const { body, taken } = endless();
    const headers = { ...json, "content-length": "65537" };
    const request = new Request(address(path), { method: "POST", headers, body, duplex: "half" } as RequestInit);
    expect(await tagOf(readServerFunctionCall(request, path))).toBe("BodyTooLarge");
    expect(taken.chunks).toBeLessThanOrEqual(1);
  });

  test("that announces nothing is read as far as the limit and no further", async () => {
    const { body, taken } = endless();
    const request = new Request(address(path), { method: "POST", headers: json, body, duplex: "half" } as RequestInit);
    expect(await tagOf(readServerFunctionCall(request, path))).toBe("BodyTooLarge");
    expect(taken.chunks).toBeLessThanOrEqual(7);
  });

  test("whose sender goes away is refused as unreadable", async () => {
    const body = new ReadableStream({ pull: (controller) => controller.error(new Error("aborted")) });
    const request = new Request(address(path), { method: "POST", headers: json, body, duplex: "half" } as RequestInit);
    expect(await tagOf(readServerFunctionCall(request, path))).toBe("ValidationError");
  });
});
