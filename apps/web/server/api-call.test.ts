import { type ErrorTag, errorTable } from "@threadbox/contracts/errors";
import { describe, expect, test } from "vitest";
import { isApiPath, readApiCall } from "./api-call.ts";

const path = "/api/thread-token";
const address = (pathname: string) => `http://threadbox.localhost:3000${pathname}`;
const asked = JSON.stringify({ threadId: "abc" });
const json = { "content-type": "application/json" };

const read = (body: BodyInit, { pathname = path, headers = json }: { pathname?: string; headers?: HeadersInit } = {}) =>
  readApiCall(new Request(address(pathname), { method: "POST", headers, body }), pathname);

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

describe("a call of the web server's API", () => {
  test("as the page makes it reaches the framework with what it says and what it carries", async () => {
    const headers = { ...json, authorization: "Bearer a.b.c" };
    const call = await read(asked, { headers });
    if (!(call instanceof Request)) throw new Error(call.tag);
    expect(await call.text()).toBe(asked);
    expect(call.headers.get("authorization")).toBe("Bearer a.b.c");
  });

  test.each(["nothing", "__proto__", "constructor", "toString", "", "thread-token/x", "Thread-Token"])(
    "at the unknown path %j is not found",
    async (id) => {
      expect(await tagOf(read(asked, { pathname: `/api/${id}` }))).toBe("NotFound");
    },
  );

  test("by another method names the right one", async () => {
    const refusal = await readApiCall(new Request(address(path)), path);
    expect(refusal).toMatchObject({ tag: "MethodNotAllowed", headers: { allow: "POST" } });
  });

  test.each([
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/jsonx",
  ])("as %s is of the wrong type", async (type) => {
    const tag = await tagOf(read(asked, { headers: { "content-type": type } }));
    expect(tag === "taken" ? tag : errorTable[tag].status).toBe(415);
  });

  test("may name its charset", async () => {
    const headers = { "content-type": "Application/JSON; charset=utf-8" };
    expect(await tagOf(read(asked, { headers }))).toBe("taken");
  });

  test.each([
    ["nothing", ""],
    ["half an object", "{"],
    ["null", "null"],
    ["a list", "[]"],
    ["a string", '"x"'],
    ["a deep list", "[".repeat(10_000)],
    ["a number", "1"],
    ["broken text", new Uint8Array([0x22, 0xff, 0x22])],
  ])("that sends %s is refused before the framework sees it", async (_name, body) => {
    expect(await tagOf(read(body))).toBe("ValidationError");
  });

  test("at the framework's own address for functions is not found", async () => {
    expect(isApiPath("/_serverFn/x")).toBe(true);
    expect(await tagOf(read(asked, { pathname: "/_serverFn/x" }))).toBe("NotFound");
  });

  test("that announces too much is not read", async () => {
    const { body, taken } = endless();
    const headers = { ...json, "content-length": "65537" };
    const request = new Request(address(path), { method: "POST", headers, body, duplex: "half" } as RequestInit);
    expect(await tagOf(readApiCall(request, path))).toBe("BodyTooLarge");
    expect(taken.chunks).toBeLessThanOrEqual(1);
  });

  test("that announces nothing is read as far as the limit and no further", async () => {
    const { body, taken } = endless();
    const request = new Request(address(path), { method: "POST", headers: json, body, duplex: "half" } as RequestInit);
    expect(await tagOf(readApiCall(request, path))).toBe("BodyTooLarge");
    expect(taken.chunks).toBeLessThanOrEqual(7);
  });

  test("whose sender goes away is refused as unreadable", async () => {
    const body = new ReadableStream({ pull: (controller) => controller.error(new Error("aborted")) });
    const request = new Request(address(path), { method: "POST", headers: json, body, duplex: "half" } as RequestInit);
    expect(await tagOf(readApiCall(request, path))).toBe("ValidationError");
  });
});
