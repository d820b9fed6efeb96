import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { afterAll, beforeAll, expect, test } from "vitest";
import { networks } from "./networks.ts";

const inside = createServer((_, response) => void response.end("inside"));
/** Asks the way that the request names for the address that it names. */
const script = `export default { async fetch(request, env) {
  const { way, address } = await request.json();
  try { return new Response(await (await env[way].fetch(address)).text()); } catch { return new Response("refused"); }
} }`;
let miniflare: Miniflare;

beforeAll(async () => {
  await new Promise<void>((resolve) => inside.listen(0, "127.0.0.1", resolve));
  const worker = { name: "asks", modules: true, script, compatibilityDate: "2026-08-01", serviceBindings: networks };
  miniflare = new Miniflare(convertV4MiniflareOptions({ workers: [worker] }));
  await miniflare.ready;
});
afterAll(async () => {
  await miniflare.dispose();
  inside.close();
});

const ask = async (way: keyof typeof networks, host: string): Promise<string> => {
  const address = `http://${host}:${(inside.address() as AddressInfo).port}/`;
  const body = JSON.stringify({ way, address });
  return (await miniflare.dispatchFetch("http://worker.test/", { method: "POST", body })).text();
};

test("what a user has named leads to public addresses alone, by whatever name it is called", async () => {
  expect(await ask("OUTBOUND", "127.0.0.1")).toBe("inside");
  for (const host of ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433"])
    expect({ host, answer: await ask("PUBLIC_OUTBOUND", host) }).toEqual({ host, answer: "refused" });
});
